package dev.tally.platform.tracing;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Lets so many through a second: as many at once, and on average. */
final class TraceBudget {
    private static final long SECOND_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final long nanosEach;
    /** When all may come again. */
    private final AtomicLong fullAtNanos;

    TraceBudget(int maxPerSecond, long nowNanos) {
        nanosEach = SECOND_NANOS / maxPerSecond;
        fullAtNanos = new AtomicLong(nowNanos);
    }

    /** Takes one, if one is left. */
    boolean take(long nowNanos) {
        while (true) {
            long fullAt = fullAtNanos.get();
            long missing = Math.max(0, fullAt - nowNanos) + nanosEach;
            if (missing > SECOND_NANOS) {
                return false;
            }
            if (fullAtNanos.compareAndSet(fullAt, nowNanos + missing)) {
                return true;
            }
        }
    }
}
