package dev.tally.platform.http;

import java.util.concurrent.atomic.AtomicReference;

import jakarta.inject.Singleton;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

import io.micrometer.core.instrument.MeterRegistry;

/** Kubernetes' view of the same. The framework's own check is off: it puts the driver's message, host included, out. */
@Readiness
@Singleton
class DatabaseReadiness implements HealthCheck {
    private final PingQueries ping;
    /** As the last probe saw it; not a number before the first one. */
    private final AtomicReference<Double> ready = new AtomicReference<>(Double.NaN);

    DatabaseReadiness(PingQueries ping, MeterRegistry registry) {
        this.ping = ping;
        registry.gauge("tally.ready", ready, AtomicReference::get);
    }

    @Override
    public HealthCheckResponse call() {
        DatabaseState state = ping.state();
        ready.set(state == DatabaseState.CONNECTED ? 1.0 : 0.0);
        return HealthCheckResponse.named("database").status(state == DatabaseState.CONNECTED)
                .withData("state", state.words()).build();
    }
}
