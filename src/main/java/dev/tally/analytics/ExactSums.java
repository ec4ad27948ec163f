package dev.tally.analytics;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The exact sum of each group's amounts: in 128 bits as long as the amounts fit into billionths, which they all but always
 * do, and beside it in decimals of any size.
 */
final class ExactSums implements Measurement {
    private final Measure measure;
    private final int decimals;
    private final Counts counts = new Counts();
    /** The 128 bits of a sum: more than the sum of as many longs as a long can count. */
    private long[] high = new long[16];
    private long[] low = new long[16];
    private final Map<Integer, BigDecimal> large = new HashMap<>();

    /** @param decimals to which a mean is rounded */
    ExactSums(Measure measure, int decimals) {
        this.measure = measure;
        this.decimals = decimals;
    }

    @Override
    public void add(int group, long scaled) {
        counts.add(group, scaled);
        reach(group);
        addTo(group, scaled >> (Long.SIZE - 1), scaled);
    }

    @Override
    public void add(int group, BigDecimal amount) {
        counts.add(group, amount);
        large.merge(group, amount, BigDecimal::add);
    }

    @Override
    public void add(int group, Measurement other, int otherGroup) {
        ExactSums sums = (ExactSums) other;
        counts.add(group, sums.counts, otherGroup);
        if (otherGroup < sums.low.length) {
            reach(group);
            addTo(group, sums.high[otherGroup], sums.low[otherGroup]);
        }
        BigDecimal more = sums.large.get(otherGroup);
        if (more != null) {
            large.merge(group, more, BigDecimal::add);
        }
    }

    private void addTo(int group, long moreHigh, long moreLow) {
        long sum = low[group] + moreLow;
        high[group] += moreHigh + (Long.compareUnsigned(sum, moreLow) < 0 ? 1 : 0);
        low[group] = sum;
    }

    private void reach(int group) {
        if (group >= low.length) {
            int capacity = Math.max(group + 1, low.length * 2);
            high = Arrays.copyOf(high, capacity);
            low = Arrays.copyOf(low, capacity);
        }
    }

    private BigDecimal sum(int group) {
        BigDecimal sum = BigDecimal.ZERO;
        if (group < low.length) {
            BigInteger unsignedLow = new BigInteger(Long.toUnsignedString(low[group]));
            sum = new BigDecimal(BigInteger.valueOf(high[group]).shiftLeft(Long.SIZE).add(unsignedLow), Amounts.SCALE);
        }
        return sum.add(large.getOrDefault(group, BigDecimal.ZERO));
    }

    @Override
    public Optional<BigDecimal> figure(int group) {
        if (measure == Measure.SUM) {
            return Optional.of(Amounts.plain(sum(group)));
        }
        long count = counts.count(group);
        return count == 0
                ? Optional.empty()
                : Optional.of(Amounts
                        .plain(sum(group).divide(BigDecimal.valueOf(count), decimals, RoundingMode.HALF_UP)));
    }

    @Override
    public void clear() {
        counts.clear();
        Arrays.fill(high, 0);
        Arrays.fill(low, 0);
        large.clear();
    }
}
