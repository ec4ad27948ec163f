package dev.tally.platform.ratelimit;

import java.util.concurrent.TimeUnit;

/**
 * How often one may ask: a bucket of so many requests, which fills again evenly within the window.
 *
 * <p>Counted by the generic cell rate algorithm (ITU-T I.371, annex A), which needs to know only when the bucket will be
 * full again. All times are whole microseconds, as PostgreSQL has them too.
 *
 * @param name as it stands in the headers and before the buckets' names
 * @param requests at once at most, and in each window on average; 0 limits nothing
 * @param windowSeconds how long an empty bucket takes to be full
 */
public record Policy(String name, int requests, int windowSeconds) {
    /** What a store finds in a bucket, and leaves in it. */
    record Taken(boolean allowed, long fullAtMicros) {}

    public Policy {
        if (requests < 0 || windowSeconds < 1) {
            throw new IllegalArgumentException("No rate: " + requests + " in " + windowSeconds + " s");
        }
    }

    static Policy of(String name, RateLimitConfig.Rate rate) {
        return new Policy(name, rate.requests(), rate.windowSeconds());
    }

    boolean limits() {
        return requests > 0;
    }

    /** How long one request takes to come back; rounded up, so that never more than the rate is allowed. */
    long requestMicros() {
        return Math.ceilDiv(TimeUnit.SECONDS.toMicros(windowSeconds), (long) requests);
    }

    /** How long an empty bucket takes to be full. */
    long bucketMicros() {
        return requestMicros() * requests;
    }

    /**
     * Takes one request out of a bucket, if there is one.
     *
     * @param fullAtMicros when the bucket is full; any time of the past for one that is
     */
    Taken take(long fullAtMicros, long nowMicros) {
        long taken = atMost(fullAtMicros, nowMicros) + requestMicros();
        boolean allowed = taken - nowMicros <= bucketMicros();
        return new Taken(allowed, allowed ? taken : taken - requestMicros());
    }

    /** The same without taking. */
    Taken look(long fullAtMicros, long nowMicros) {
        long fullAt = atMost(fullAtMicros, nowMicros);
        return new Taken(fullAt + requestMicros() - nowMicros <= bucketMicros(), fullAt);
    }

    /** No bucket is less than empty; one would seem so after the clock was set back. */
    private long atMost(long fullAtMicros, long nowMicros) {
        return Math.clamp(fullAtMicros, nowMicros, nowMicros + bucketMicros());
    }

    Decision decision(Taken taken, long nowMicros) {
        long emptyMicros = taken.fullAtMicros() - nowMicros;
        long remaining = (bucketMicros() - emptyMicros) / requestMicros();
        long waitMicros = emptyMicros + requestMicros() - bucketMicros();
        return new Decision(this, taken.allowed(), remaining, seconds(emptyMicros),
                taken.allowed() ? 0 : Math.max(1, seconds(waitMicros)));
    }

    private static long seconds(long micros) {
        return Math.ceilDiv(micros, TimeUnit.SECONDS.toMicros(1));
    }
}
