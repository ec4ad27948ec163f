package dev.tally.platform.clickhouse;

import java.io.Serial;

import org.jspecify.annotations.Nullable;

/** ClickHouse is not migrated, with a sentence for the operator. What was made stays; the next run goes on from there. */
public final class MigrationException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    MigrationException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
