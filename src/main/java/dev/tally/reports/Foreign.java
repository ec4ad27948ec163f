package dev.tally.reports;

/** Words of somebody else's before they are kept: PostgreSQL takes no U+0000, and nobody reads a megabyte. */
final class Foreign {
    private Foreign() {}

    /** Without control characters, and not longer than that. */
    static String clean(String words, int maxCharacters) {
        String clean = words.replaceAll("[\\p{Cntrl}\uFFFE\uFFFF]", " ");
        int end = Math.min(maxCharacters, clean.length());
        // Not between the halves of a character.
        return clean.substring(0, end > 0 && Character.isHighSurrogate(clean.charAt(end - 1)) ? end - 1 : end);
    }
}
