package dev.tally.platform.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.samplers.SamplingDecision;

class TraceSamplerTest {
    private static final String TRACE = "0123456789abcdef0123456789abcdef";
    private static final String SPAN = "0123456789abcdef";

    private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - 5);
    private double random;

    private record Config(double ratio, int maxPerSecond, boolean trustCallers) implements TracesConfig {}

    @Test
    void beginsTheConfiguredShareOfRequestsAndJobs() {
        TraceSampler sampler = sampler(new Config(0.25, 100, false));

        random = 0.24;
        assertThat(isSampled(sampler, Context.root(), "GET", SpanKind.SERVER)).isTrue();
        assertThat(isSampled(sampler, Context.root(), "job webhook", SpanKind.INTERNAL)).isTrue();
        random = 0.25;
        assertThat(isSampled(sampler, Context.root(), "GET", SpanKind.SERVER)).isFalse();
    }

    @Test
    void beginsNothingForNobody() {
        TraceSampler sampler = sampler(new Config(1, 100, false));

        assertThat(isSampled(sampler, Context.root(), "SELECT platform.log_level", SpanKind.CLIENT)).isFalse();
    }

    @Test
    void goesOnAsItsOwnParentDoes() {
        TraceSampler sampler = sampler(new Config(0, 100, false));

        assertThat(isSampled(sampler, parent(false, true), "SELECT", SpanKind.CLIENT)).isTrue();
        assertThat(isSampled(sampler(new Config(1, 100, false)), parent(false, false), "SELECT", SpanKind.CLIENT))
                .isFalse();
    }

    @Test
    void doesNotLetStrangersDecide() {
        assertThat(isSampled(sampler(new Config(0, 100, false)), parent(true, true), "GET", SpanKind.SERVER)).isFalse();
        assertThat(isSampled(sampler(new Config(1, 100, false)), parent(true, false), "GET", SpanKind.SERVER)).isTrue();
    }

    @Test
    void letsTrustedCallersDecide() {
        assertThat(isSampled(sampler(new Config(0, 100, true)), parent(true, true), "GET", SpanKind.SERVER)).isTrue();
        assertThat(isSampled(sampler(new Config(1, 100, true)), parent(true, false), "GET", SpanKind.SERVER)).isFalse();
    }

    @Test
    void passesNoWordsOfStrangersOn() {
        TraceState words = TraceState.builder().put("their", "words").build();

        assertThat(stateAfter(sampler(new Config(1, 100, false)), words)).isEqualTo(TraceState.getDefault());
        assertThat(stateAfter(sampler(new Config(1, 100, true)), words)).isEqualTo(words);
    }

    private static TraceState stateAfter(TraceSampler sampler, TraceState callers) {
        return sampler.shouldSample(parent(true, true), TRACE, "GET", SpanKind.SERVER, Attributes.empty(), List.of())
                .getUpdatedTraceState(callers);
    }

    /** Whoever asks for it: over the end of the range of the clock, too. */
    @Test
    void beginsSoManyASecondOnly() {
        TraceSampler sampler = sampler(new Config(1, 10, true));

        assertThat(sampledOf(sampler, 50)).isEqualTo(10);
        nanoTime.addAndGet(TimeUnit.MILLISECONDS.toNanos(300));
        assertThat(sampledOf(sampler, 50)).isEqualTo(3);
        nanoTime.addAndGet(TimeUnit.SECONDS.toNanos(60));
        assertThat(sampledOf(sampler, 50)).isEqualTo(10);
    }

    private static long sampledOf(TraceSampler sampler, int requests) {
        return IntStream.range(0, requests)
                .filter(request -> isSampled(sampler, parent(true, true), "GET", SpanKind.SERVER)).count();
    }

    private static boolean isSampled(TraceSampler sampler, Context parent, String name, SpanKind kind) {
        return sampler.shouldSample(parent, TRACE, name, kind, Attributes.empty(), List.of())
                .getDecision() == SamplingDecision.RECORD_AND_SAMPLE;
    }

    private static Context parent(boolean remote, boolean sampled) {
        TraceFlags flags = sampled ? TraceFlags.getSampled() : TraceFlags.getDefault();
        SpanContext span = remote
                ? SpanContext.createFromRemoteParent(TRACE, SPAN, flags, TraceState.getDefault())
                : SpanContext.create(TRACE, SPAN, flags, TraceState.getDefault());
        return Context.root().with(Span.wrap(span));
    }

    private TraceSampler sampler(TracesConfig config) {
        return new TraceSampler(config, nanoTime::get, () -> random);
    }
}
