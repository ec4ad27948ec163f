package dev.tally.analytics;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Optional;

/** How many rows each group has. */
final class Counts implements Measurement {
    private long[] counts = new long[16];

    @Override
    public void add(int group, long scaled) {
        reach(group);
        counts[group]++;
    }

    @Override
    public void add(int group, BigDecimal amount) {
        add(group, 0);
    }

    @Override
    public void add(int group, Measurement other, int otherGroup) {
        reach(group);
        counts[group] += ((Counts) other).count(otherGroup);
    }

    long count(int group) {
        return group < counts.length ? counts[group] : 0;
    }

    private void reach(int group) {
        if (group >= counts.length) {
            counts = Arrays.copyOf(counts, Math.max(group + 1, counts.length * 2));
        }
    }

    @Override
    public Optional<BigDecimal> figure(int group) {
        return Optional.of(BigDecimal.valueOf(count(group)));
    }

    @Override
    public void clear() {
        Arrays.fill(counts, 0);
    }
}
