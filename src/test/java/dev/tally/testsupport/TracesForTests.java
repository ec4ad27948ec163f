package dev.tally.testsupport;

import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;

/** Has the application under test make traces, of every request, and send them at once. */
public final class TracesForTests implements QuarkusTestResourceLifecycleManager {
    private static final String URL = "tally.test.traces-url";

    private @Nullable OtlpReceiver receiver;

    /** All spans so far. */
    public static List<OtlpSpan> spans() {
        return OtlpReceiver.spansAt(url());
    }

    /** All bytes so far. */
    public static String text() {
        return OtlpReceiver.textAt(url());
    }

    private static String url() {
        return Objects.requireNonNull(System.getProperty(URL));
    }

    @Override
    public Map<String, String> start() {
        OtlpReceiver started = OtlpReceiver.start();
        receiver = started;
        // A system property, because this class is loaded once more for the tests themselves.
        System.setProperty(URL, started.url());
        return Map.of("quarkus.otel.exporter.otlp.endpoint", started.url(),
                // What the packaged application finds out by itself, before it starts.
                "quarkus.otel.sdk.disabled", "false",
                "quarkus.otel.bsp.schedule.delay", "100ms",
                "tally.traces.max-per-second", "1000");
    }

    @Override
    public void stop() {
        if (receiver != null) {
            receiver.close();
        }
    }
}
