package dev.tally.platform.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.junit.jupiter.api.Test;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;

/** What an instrumentation says only when a span ends; which of them do so is another matter in each version. */
class SpanScrubberTest {
    private static final AttributeKey<String> PEER = AttributeKey.stringKey("network.peer.address");

    @Test
    void takesOutWhereACallerIsHoweverLateItIsSaid() {
        assertThat(sent(SpanKind.SERVER, "198.51.100.7")).isEqualTo("REDACTED");
    }

    @Test
    void leavesWhereAServiceIsThatWeCall() {
        assertThat(sent(SpanKind.CLIENT, "192.0.2.7")).isEqualTo("192.0.2.7");
    }

    private static String sent(SpanKind kind, String peer) {
        Receiver receiver = new Receiver();
        try (SdkTracerProvider tracing = SdkTracerProvider.builder().addSpanProcessor(new SpanScrubber())
                .addSpanProcessor(SimpleSpanProcessor.create(receiver)).build()) {
            Span span = tracing.get("test").spanBuilder("GET").setSpanKind(kind).startSpan();
            span.setAttribute(PEER, peer);
            span.end();
        }
        return String.valueOf(receiver.spans.getFirst().getAttributes().get(PEER));
    }

    private static final class Receiver implements SpanExporter {
        private final List<SpanData> spans = new CopyOnWriteArrayList<>();

        @Override
        public CompletableResultCode export(Collection<SpanData> ended) {
            spans.addAll(ended);
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }
}
