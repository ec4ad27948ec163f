package dev.tally.platform.ratelimit;

/** A bucket as one would draw it: it fills with time, and a request takes its part out. */
final class ObviousBucket {
    private static final long SECOND = 1_000_000;

    private final long part;
    private final long size;
    private long level;
    private long thenMicros;

    ObviousBucket(Policy policy, long nowMicros) {
        part = policy.requestMicros();
        size = part * policy.requests();
        level = size;
        thenMicros = nowMicros;
    }

    boolean take(long nowMicros) {
        level = Math.min(size, level + nowMicros - thenMicros);
        thenMicros = nowMicros;
        if (level < part) {
            return false;
        }
        level -= part;
        return true;
    }

    long remaining() {
        return level / part;
    }

    long secondsUntilFull() {
        return Math.ceilDiv(size - level, SECOND);
    }
}
