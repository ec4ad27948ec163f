package dev.tally.platform.table;

/** Texts that are plain decimals: {@code -?(0|[1-9][0-9]*)(\.[0-9]+)?}. */
final class PlainDecimal {
    /** Of so many, Excel keeps every digit. */
    private static final int MAX_DIGITS = 15;
    /** How many digits after the point the number format of such cells shows. */
    private static final int MAX_SCALE = 15;

    private PlainDecimal() {}

    static boolean is(String text) {
        int start = text.startsWith("-") ? 1 : 0;
        int point = text.indexOf('.');
        int wholeEnd = point < 0 ? text.length() : point;
        if (!isDigits(text, start, wholeEnd) || (text.charAt(start) == '0' && wholeEnd > start + 1)) {
            return false;
        }
        return point < 0 || isDigits(text, point + 1, text.length());
    }

    private static boolean isDigits(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return false;
            }
        }
        return from < to;
    }

    /** Whether Excel holds and shows the value of a plain decimal as it is. */
    static boolean isExactInExcel(String decimal) {
        int point = decimal.indexOf('.');
        int scale = point < 0 ? 0 : decimal.length() - point - 1;
        return scale <= MAX_SCALE && significantDigits(decimal) <= MAX_DIGITS;
    }

    private static int significantDigits(String decimal) {
        int digits = 0;
        for (int i = 0; i < decimal.length(); i++) {
            char c = decimal.charAt(i);
            if (c >= (digits == 0 ? '1' : '0') && c <= '9') {
                digits++;
            }
        }
        return digits;
    }
}
