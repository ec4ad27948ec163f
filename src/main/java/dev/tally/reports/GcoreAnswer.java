package dev.tally.reports;

import java.util.Optional;

import org.jspecify.annotations.Nullable;

/** An answer of Gcore that is not a success. */
final class GcoreAnswer extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final int MAX_WORDS_LENGTH = 200;

    private final int status;
    private final @Nullable String retryAfter;
    private final String words;

    /**
     * @param retryAfter the header of that name
     * @param body of the answer; its beginning is kept for the log
     */
    GcoreAnswer(int status, @Nullable String retryAfter, String body) {
        super("Gcore answered " + status, null, false, false);
        this.status = status;
        this.retryAfter = retryAfter;
        this.words = body.substring(0, Math.min(body.length(), MAX_WORDS_LENGTH)).replaceAll("\\p{Cntrl}", " ");
    }

    int status() {
        return status;
    }

    Optional<String> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** Gcore's own words, on one line. */
    String words() {
        return words;
    }
}
