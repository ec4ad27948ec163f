package dev.tally.analytics;

import java.util.Locale;

/** What a metric measures of the rows, or of the rows of each group. */
public enum Measure {
    /** How many rows there are. */
    COUNT,
    /** The exact sum of a column's amounts; 0 of none. */
    SUM,
    /** The mean of a column's amounts, exact until it is rounded once; none of no amounts. */
    AVG,
    /** The least amount of a column; none of no amounts. */
    MIN,
    /** The largest amount of a column; none of no amounts. */
    MAX,
    /** How many different values a column has, compared byte by byte. */
    DISTINCT;

    /** Its name in configuration and answers. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean needsColumn() {
        return this != COUNT;
    }

    /** Whether the column holds amounts; a row whose amount is none is rejected. */
    boolean isOfAmounts() {
        return needsColumn() && this != DISTINCT;
    }
}
