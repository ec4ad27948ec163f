package dev.tally.analytics;

/** What stands before the places of an amount. */
public enum DecimalMark {
    POINT, COMMA
}
