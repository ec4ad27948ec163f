package dev.tally.analytics;

import java.math.BigDecimal;
import java.util.Optional;

/** What is kept of each group for one measure. Groups are numbers from 0, as they come. */
interface Measurement {
    /** What a measure is kept in, empty. */
    static Measurement of(Measure measure, int decimals) {
        return switch (measure) {
            case COUNT, DISTINCT -> new Counts();
            case SUM, AVG -> new ExactSums(measure, decimals);
            case MIN, MAX -> new Extremes(measure);
        };
    }

    /** One more row, whose amount is a number of billionths. Counts do not look at it. */
    void add(int group, long scaled);

    /** One more row, whose amount may be any. */
    void add(int group, BigDecimal amount);

    /** What another of the same measure has of one of its groups. */
    void add(int group, Measurement other, int otherGroup);

    /** Empty when there is nothing to measure. */
    Optional<BigDecimal> figure(int group);

    void clear();
}
