package dev.tally.analytics;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The least or the largest of each group's amounts. */
final class Extremes implements Measurement {
    /** Stands for no amount yet. */
    private static final long NONE = Amounts.UNKNOWN;

    private final int sign;
    private long[] scaled = filled(new long[16], 0);
    private final Map<Integer, BigDecimal> large = new HashMap<>();

    Extremes(Measure measure) {
        this.sign = measure == Measure.MIN ? -1 : 1;
    }

    private static long[] filled(long[] array, int from) {
        Arrays.fill(array, from, array.length, NONE);
        return array;
    }

    @Override
    public void add(int group, long amount) {
        if (group >= scaled.length) {
            int length = scaled.length;
            scaled = filled(Arrays.copyOf(scaled, Math.max(group + 1, length * 2)), length);
        }
        if (scaled[group] == NONE || Integer.signum(Long.compare(amount, scaled[group])) == sign) {
            scaled[group] = amount;
        }
    }

    @Override
    public void add(int group, BigDecimal amount) {
        large.merge(group, amount, this::further);
    }

    private BigDecimal further(BigDecimal one, BigDecimal other) {
        return Integer.signum(other.compareTo(one)) == sign ? other : one;
    }

    @Override
    public void add(int group, Measurement other, int otherGroup) {
        Extremes extremes = (Extremes) other;
        if (otherGroup < extremes.scaled.length && extremes.scaled[otherGroup] != NONE) {
            add(group, extremes.scaled[otherGroup]);
        }
        BigDecimal amount = extremes.large.get(otherGroup);
        if (amount != null) {
            add(group, amount);
        }
    }

    @Override
    public Optional<BigDecimal> figure(int group) {
        Optional<BigDecimal> small = group < scaled.length && scaled[group] != NONE
                ? Optional.of(BigDecimal.valueOf(scaled[group], Amounts.SCALE))
                : Optional.empty();
        Optional<BigDecimal> big = Optional.ofNullable(large.get(group));
        Optional<BigDecimal> both = small.isPresent() && big.isPresent()
                ? Optional.of(further(small.get(), big.get()))
                : small.or(() -> big);
        return both.map(Amounts::plain);
    }

    @Override
    public void clear() {
        filled(scaled, 0);
        large.clear();
    }
}
