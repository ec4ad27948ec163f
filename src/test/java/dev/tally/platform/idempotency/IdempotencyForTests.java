package dev.tally.platform.idempotency;

import java.time.Clock;

import javax.sql.DataSource;

import dev.tally.platform.postgres.Statements;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/** Keys for tests without the application. */
public final class IdempotencyForTests {
    private IdempotencyForTests() {}

    /** Those of this database. */
    public static IdempotencyService of(DataSource database, Clock clock) {
        return new IdempotencyService(new IdempotencyQueries(new Statements(database)), clock,
                new SimpleMeterRegistry(),
                new IdempotencyBounds());
    }
}
