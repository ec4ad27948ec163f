package dev.tally.analytics;

import java.util.List;

/**
 * Which rows a metric is about. Values are compared as texts, by the order of their characters: for ISO dates that is the
 * order of time.
 *
 * @param column whose values are looked at
 * @param test what is asked of them
 * @param values one, or for {@code ANY_OF} and {@code NONE_OF} one or more
 */
record RowFilter(String column, Test test, List<String> values) {
    RowFilter {
        values = List.copyOf(values);
        if (values.isEmpty() || (values.size() > 1 && !test.takesSeveral())) {
            throw new IllegalArgumentException("A filter has one value, or several for any-of and none-of");
        }
    }

    /** What is asked of a value. */
    enum Test {
        ANY_OF, NONE_OF,
        /** Not before, in the order of texts. */
        AT_LEAST,
        /** Before, in the order of texts. */
        BELOW;

        boolean takesSeveral() {
            return this == ANY_OF || this == NONE_OF;
        }
    }
}
