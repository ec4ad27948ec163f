package dev.tally.interactions;

/**
 * A cell of a sheet, as it is stored.
 *
 * @param text of a number and of a date the number, of anything else the text
 * @param formula whether a formula gave it; it was reckoned by whoever saved the workbook, never here
 */
record Cell(Kind kind, String text, boolean formula) {
    enum Kind {
        BLANK, TEXT, NUMBER,
        /** A number that is shown as a date: the days since the start of the workbook's calendar. */
        DATE, BOOLEAN,
        /** Excel's error values, and a formula without a value. */
        ERROR
    }

    static final Cell BLANK = new Cell(Kind.BLANK, "", false);

    boolean isBlank() {
        return kind == Kind.BLANK || (kind == Kind.TEXT && Spelling.tidy(text).isEmpty());
    }
}
