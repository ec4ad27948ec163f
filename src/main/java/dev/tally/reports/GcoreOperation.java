package dev.tally.reports;

import java.util.Locale;

/** What Gcore is asked for. */
enum GcoreOperation {
    LOGIN("to log in"), REFRESH("to renew its token"), FEATURES("for its features"), START("to start a report"), STATUS(
            "for the status of a report"), LIST(
                    "for its reports"), DOWNLOAD("for the rows of a report"), DELETE("to delete a report");

    private final String asked;

    GcoreOperation(String asked) {
        this.asked = asked;
    }

    /** In words: Gcore was asked this. */
    String asked() {
        return asked;
    }

    /** As it is called in metrics. */
    String tag() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether it matters that Gcore may have acted although its answer did not arrive. */
    boolean changes() {
        return this == START || this == DELETE;
    }

    /** Whether nothing is lost when Gcore is asked twice. */
    boolean isRepeatable() {
        return this != START;
    }
}
