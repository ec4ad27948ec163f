package dev.tally.analytics;

import java.util.Locale;

/** Why a row is left out, in the same words whoever reads it. */
final class RowReasons {
    private static final int MAX_SHOWN_CHARACTERS = 40;

    private RowReasons() {}

    static String wrongNumberOfFields(long found, int expected) {
        return String.format(Locale.ROOT, "has %d %s where the header has %d", found, found == 1 ? "field" : "fields",
                expected);
    }

    static String noAmount(String column, String value) {
        return value.isEmpty() ? column + " is empty" : column + " is no amount: " + shown(value);
    }

    static String notUtf8(String column) {
        return column + " is not UTF-8; if the file is ISO-8859-1, the dataset has to say so";
    }

    static String textAfterQuote() {
        return "has text after a closing quotation mark";
    }

    static String openQuote() {
        return "has a quotation mark that is never closed";
    }

    private static String shown(String value) {
        return value.codePointCount(0, value.length()) <= MAX_SHOWN_CHARACTERS
                ? value
                : value.substring(0, value.offsetByCodePoints(0, MAX_SHOWN_CHARACTERS)) + "…";
    }
}
