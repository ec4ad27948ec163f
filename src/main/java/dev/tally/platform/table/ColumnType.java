package dev.tally.platform.table;

/** What the cells of a column hold; any cell may also be empty (JSON null, an empty CSV field, a blank XLSX cell). */
public enum ColumnType {
    /** Text; defused in CSV where a spreadsheet would run it as a formula. */
    TEXT,
    /** A 64-bit integer. */
    INTEGER,
    /** An exact decimal. */
    DECIMAL,
    /**
     * A number that another service gave as text, with its very digits: a text in JSON; in XLSX a number where Excel shows
     * the same value. What is no plain decimal is a text.
     */
    NUMERAL,
    /** A calendar date, {@code YYYY-MM-DD}; a date cell in XLSX. */
    DATE,
    /** An instant, ISO 8601 in UTC; a date-and-time cell in XLSX. */
    INSTANT
}
