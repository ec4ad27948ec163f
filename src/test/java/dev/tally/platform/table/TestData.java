package dev.tally.platform.table;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import jakarta.inject.Singleton;

import org.jspecify.annotations.Nullable;

/** What stands behind {@link TablesForTests}, and what was done to it. */
@Singleton
class TestData {
    static final Instant AS_OF = Instant.parse("2024-02-01T00:00:03Z");

    final AtomicReference<@Nullable Instant> asOf = new AtomicReference<>(AS_OF);
    final AtomicInteger rowsRead = new AtomicInteger();
    /** What stands behind the rows of one of them. */
    final AtomicInteger behind = new AtomicInteger();
    final AtomicInteger cancelled = new AtomicInteger();
    /** Whether the last row was written on an event loop. */
    final AtomicBoolean onEventLoop = new AtomicBoolean();
}
