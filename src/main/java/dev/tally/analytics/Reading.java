package dev.tally.analytics;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** One reading of one version of a dataset for one metric. It goes on whoever waits for it. */
final class Reading implements Engine.Progress {
    private static final long ALL_PERCENT = 100;

    private final Metric metric;
    private final DatasetVersion version;
    private final long number;
    private final Consumer<Reading> check;
    private final CompletableFuture<Answered> result = new CompletableFuture<>();
    private final AtomicLong bytesRead = new AtomicLong();
    private volatile long begunNanos;
    private volatile boolean begun;

    /**
     * @param number higher than that of those of the metric that were begun before
     * @param check throws when the reading is to end; called as it goes on
     */
    Reading(Metric metric, DatasetVersion version, long number, Consumer<Reading> check) {
        this.metric = metric;
        this.version = version;
        this.number = number;
        this.check = check;
    }

    Metric metric() {
        return metric;
    }

    DatasetVersion version() {
        return version;
    }

    long number() {
        return number;
    }

    /** Completed when the reading has ended, and what it found is kept. */
    CompletableFuture<Answered> result() {
        return result;
    }

    /** It has its turn. */
    void begin() {
        begunNanos = System.nanoTime();
        begun = true;
    }

    boolean hasBegun() {
        return begun;
    }

    /** For how long it has been under way. */
    long nanos() {
        return System.nanoTime() - begunNanos;
    }

    long seconds() {
        return TimeUnit.NANOSECONDS.toSeconds(nanos());
    }

    @Override
    public void advanced(long bytes) {
        bytesRead.addAndGet(bytes);
        check.accept(this);
    }

    /** How much of the objects' bytes is read; all of them only when it has ended. */
    int percent() {
        long size = Math.max(1, version.sizeBytes());
        return Math.clamp(bytesRead.get() * ALL_PERCENT / size, 0, (int) ALL_PERCENT - 1);
    }
}
