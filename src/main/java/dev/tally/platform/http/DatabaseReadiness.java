package dev.tally.platform.http;

import jakarta.inject.Singleton;

import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Kubernetes' view of the same. The framework's own check is off: it puts the driver's message, host included, out. */
@Readiness
@Singleton
class DatabaseReadiness implements HealthCheck {
    private final PingQueries ping;

    DatabaseReadiness(PingQueries ping) {
        this.ping = ping;
    }

    @Override
    public HealthCheckResponse call() {
        DatabaseState state = ping.state();
        return HealthCheckResponse.named("database").status(state == DatabaseState.CONNECTED)
                .withData("state", state.words()).build();
    }
}
