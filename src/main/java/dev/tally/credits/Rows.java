package dev.tally.credits;

import java.util.List;

/**
 * The rows of one page.
 *
 * @param more whether others come after them
 */
record Rows<T>(List<T> shown, boolean more) {
    Rows {
        shown = List.copyOf(shown);
    }

    /** @param found one row more than the page has, if there is one */
    static <T> Rows<T> of(List<T> found, int limit) {
        return new Rows<>(found.subList(0, Math.min(limit, found.size())), found.size() > limit);
    }
}
