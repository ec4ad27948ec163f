package dev.tally.platform.idempotency;

import java.time.Clock;

import dev.tally.platform.postgres.Statements;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/** Keys without the application. */
public final class BenchKeys {
    private BenchKeys() {}

    /** As the application makes them. */
    public static IdempotencyService of(Statements statements, Clock clock, IdempotencyConfig config) {
        return new IdempotencyService(new IdempotencyQueries(statements), clock, new SimpleMeterRegistry(), config);
    }
}
