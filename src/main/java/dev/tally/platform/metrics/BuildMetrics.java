package dev.tally.platform.metrics;

import jakarta.inject.Singleton;

import org.eclipse.microprofile.config.inject.ConfigProperty;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/** Which version a process is, so that a dashboard shows an upgrade. */
@Singleton
public final class BuildMetrics implements MeterBinder {
    private final String version;

    BuildMetrics(@ConfigProperty(name = "quarkus.application.version") String version) {
        this.version = version;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        Gauge.builder("tally.build.info", () -> 1).tag("version", version).register(registry);
    }
}
