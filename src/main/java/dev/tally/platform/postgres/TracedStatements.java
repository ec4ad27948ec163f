package dev.tally.platform.postgres;

import jakarta.annotation.Priority;
import jakarta.enterprise.inject.Alternative;
import jakarta.inject.Singleton;

import org.eclipse.microprofile.config.inject.ConfigProperty;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.runtime.AgroalOpenTelemetryWrapper;

/**
 * Has statements over JDBC traced, or left alone where there are no traces. The build wraps them in any case, and an SDK that
 * is switched off still makes a whole span of each, for nobody. (Switched off by {@code quarkus.datasource.jdbc.telemetry},
 * Quarkus warns of it at each start.)
 */
@Alternative
@Priority(1)
@Singleton
class TracedStatements extends AgroalOpenTelemetryWrapper {
    private final boolean off;

    TracedStatements(@ConfigProperty(name = "quarkus.otel.sdk.disabled") boolean off) {
        this.off = off;
    }

    @Override
    public AgroalDataSource apply(AgroalDataSource plain) {
        return off ? plain : super.apply(plain);
    }
}
