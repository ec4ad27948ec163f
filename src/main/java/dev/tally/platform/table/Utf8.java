package dev.tally.platform.table;

/** UTF-8 for characters that are not ASCII. */
final class Utf8 {
    private Utf8() {}

    /** Writes a code point above 7F that is no surrogate; returns where it ends. */
    static int write(int codePoint, byte[] target, int at) {
        int end = at;
        if (codePoint < 0x800) {
            target[end++] = (byte) (0xC0 | (codePoint >> 6));
        } else {
            if (codePoint < 0x10000) {
                target[end++] = (byte) (0xE0 | (codePoint >> 12));
            } else {
                target[end++] = (byte) (0xF0 | (codePoint >> 18));
                target[end++] = (byte) (0x80 | ((codePoint >> 12) & 0x3F));
            }
            target[end++] = (byte) (0x80 | ((codePoint >> 6) & 0x3F));
        }
        target[end++] = (byte) (0x80 | (codePoint & 0x3F));
        return end;
    }

    /** Whether this is half of a character whose other half is missing; PostgreSQL never holds one. */
    static boolean isBroken(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }
}
