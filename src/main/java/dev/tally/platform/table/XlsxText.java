package dev.tally.platform.table;

/** Texts as XLSX cells can hold them (ECMA-376, part 1, section 22.9.2.19). */
final class XlsxText {
    /** Excel's own bound, in UTF-16 units. */
    static final int MAX_CHARS = 32_767;

    private XlsxText() {}

    /**
     * The text with {@code _xHHHH_} for what XML cannot hold or would change: control characters, broken surrogates,
     * space at either end, and an underscore that would itself read as such an escape. A text that is too long for a
     * cell is not cut, because a cut value is a wrong one: the cell says so instead.
     */
    static String of(String value) {
        if (value.length() > MAX_CHARS) {
            return "#TOO LONG: " + value.length() + " characters; ask for CSV or JSON";
        }
        int first = firstToEscape(value, 0);
        if (first == value.length()) {
            return value;
        }
        StringBuilder escaped = new StringBuilder(value.length() + 32);
        int from = 0;
        while (first < value.length()) {
            escaped.append(value, from, first);
            int unit = value.charAt(first);
            escaped.append(String.format("_x%04X_", unit));
            from = first + 1;
            first = firstToEscape(value, from);
        }
        return escaped.append(value, from, value.length()).toString();
    }

    private static int firstToEscape(String value, int from) {
        int i = from;
        while (i < value.length()) {
            int codePoint = value.codePointAt(i);
            if (mustEscape(value, i, codePoint)) {
                return i;
            }
            i += Character.charCount(codePoint);
        }
        return value.length();
    }

    private static boolean mustEscape(String value, int at, int codePoint) {
        if (codePoint == '_') {
            return startsEscape(value, at);
        }
        if (codePoint <= ' ') {
            boolean atAnEnd = at == 0 || at == value.length() - 1;
            return atAnEnd || (codePoint < ' ' && codePoint != '\t' && codePoint != '\n');
        }
        return Utf8.isBroken(codePoint) || codePoint == 0xFFFE || codePoint == 0xFFFF;
    }

    private static boolean startsEscape(String value, int at) {
        int end = at + 6;
        if (end >= value.length() || value.charAt(at + 1) != 'x' || value.charAt(end) != '_') {
            return false;
        }
        for (int i = at + 2; i < end; i++) {
            if (Character.digit(value.charAt(i), 16) < 0) {
                return false;
            }
        }
        return true;
    }
}
