package dev.tally.interactions;

import java.text.Normalizer;
import java.util.Locale;

/** Folds the ways in which people write one name. Folding what was folded changes nothing. */
final class Spelling {
    private Spelling() {}

    /** Without blanks at the ends, of which Unicode has many, and with single spaces inside. */
    static String tidy(String text) {
        int clean = 0;
        while (clean < text.length() && isPlain(text, clean)) {
            clean++;
        }
        if (clean == text.length()) {
            return text;
        }
        StringBuilder visible = new StringBuilder(text.length());
        text.codePoints().filter(c -> isBlank(c) || !isInvisible(c)).forEach(visible::appendCodePoint);
        StringBuilder tidy = new StringBuilder(text.length());
        // After that, because what stood apart may be one letter now.
        Normalizer.normalize(visible, Normalizer.Form.NFC).codePoints().forEach(c -> {
            if (!isBlank(c)) {
                tidy.appendCodePoint(c);
            } else if (!tidy.isEmpty() && tidy.charAt(tidy.length() - 1) != ' ') {
                tidy.append(' ');
            }
        });
        if (!tidy.isEmpty() && tidy.charAt(tidy.length() - 1) == ' ') {
            tidy.setLength(tidy.length() - 1);
        }
        return tidy.toString();
    }

    /** By which a channel is known: its letters and digits, without case, so that {@code e-mail} is {@code Email}. */
    static String channelKey(String text) {
        StringBuilder key = new StringBuilder(text.length());
        folded(text).codePoints().filter(Character::isLetterOrDigit).forEach(key::appendCodePoint);
        // What a dash or a blank kept apart may be one letter now.
        return Normalizer.normalize(key, Normalizer.Form.NFKC);
    }

    /** By which a product is known: its name without case. */
    static String productKey(String text) {
        return folded(text);
    }

    /** By which a sheet or a column is known, like a channel. */
    static String headerKey(String text) {
        return channelKey(text);
    }

    /** Through upper case: some letters have one form there only. Compatibility forms, such as full-width ones, are one. */
    private static String folded(String text) {
        String one = tidy(Normalizer.normalize(text, Normalizer.Form.NFKC));
        String folded = one.toLowerCase(Locale.ROOT).toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
        return tidy(Normalizer.normalize(folded, Normalizer.Form.NFKC));
    }

    /** Whether there is nothing to do for this character: most texts are of such ones. */
    private static boolean isPlain(String text, int index) {
        char c = text.charAt(index);
        return (c > ' ' && c < 0x7F)
                || (c == ' ' && index > 0 && index < text.length() - 1 && text.charAt(index - 1) != ' ');
    }

    private static boolean isBlank(int c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c);
    }

    /** Marks that show nothing: zero-width spaces, byte order marks, control characters. */
    private static boolean isInvisible(int c) {
        int type = Character.getType(c);
        return type == Character.FORMAT || type == Character.CONTROL;
    }
}
