package dev.tally.analytics;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

/** Why one request to the store gave nothing. Its words are for the log. */
final class StoreFault extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Kind kind;

    StoreFault(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    Kind kind() {
        return kind;
    }

    /** What went wrong. */
    enum Kind {
        /** The object is another version than the one that was asked for. */
        CHANGED,
        /** There is no such object or bucket. */
        MISSING,
        /** The store understood, and does not want to. */
        REFUSED,
        /** The store is busy, fails, breaks off, talks nonsense or cannot be reached. */
        FAILED,
        /** The store is silent or too slow. */
        TIMED_OUT;

        /** Whether the same request may succeed a moment later. */
        boolean mayPass() {
            return this == FAILED || this == TIMED_OUT;
        }

        /** Its name in metrics. */
        String tag() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
