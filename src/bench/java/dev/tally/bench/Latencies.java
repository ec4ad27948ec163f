package dev.tally.bench;

import java.util.Arrays;

/** How long each of some requests took. */
final class Latencies {
    private final long[] sortedNanos;
    private final double seconds;

    /** @param seconds how long all of them took, side by side */
    Latencies(long[] nanos, double seconds) {
        this.sortedNanos = nanos.clone();
        this.seconds = seconds;
        Arrays.sort(sortedNanos);
    }

    double millisAt(double quantile) {
        int index = (int) Math.ceil(sortedNanos.length * quantile) - 1;
        return sortedNanos[Math.max(index, 0)] / 1e6;
    }

    double perSecond() {
        return sortedNanos.length / seconds;
    }

    int count() {
        return sortedNanos.length;
    }
}
