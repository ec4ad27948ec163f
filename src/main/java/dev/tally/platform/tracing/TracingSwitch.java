package dev.tally.platform.tracing;

import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Singleton;

import org.eclipse.microprofile.config.inject.ConfigProperty;

import io.opentelemetry.api.OpenTelemetry;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.config.SmallRyeConfig;

/** Whether this process makes traces: only when it is told where they are to go. */
@Singleton
public class TracingSwitch {
    private static final String ENDPOINT = "quarkus.otel.exporter.otlp.endpoint";
    private static final String TRACES_ENDPOINT = "quarkus.otel.exporter.otlp.traces.endpoint";
    private static final String OFF = "tally.untraced";

    private final boolean off;
    private final Instance<OpenTelemetry> openTelemetry;

    TracingSwitch(@ConfigProperty(name = "quarkus.otel.sdk.disabled") boolean off,
            Instance<OpenTelemetry> openTelemetry) {
        this.off = off;
        this.openTelemetry = openTelemetry;
    }

    /**
     * Before the application starts: has it make traces if there is an endpoint. A configuration has no words for "if this
     * is set", so it names a property that is made here.
     */
    public static void set(SmallRyeConfig config) {
        boolean wanted = config.getOptionalValue(ENDPOINT, String.class).isPresent()
                || config.getOptionalValue(TRACES_ENDPOINT, String.class).isPresent();
        System.setProperty(OFF, Boolean.toString(!wanted));
    }

    void start(@Observes StartupEvent event) {
        if (!off) {
            Spans.use(openTelemetry.get().getTracer("dev.tally"));
        }
    }
}
