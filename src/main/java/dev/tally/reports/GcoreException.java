package dev.tally.reports;

import java.time.Duration;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/** Gcore did not do what it was asked for. The message is a sentence for strangers; the cause is for the log. */
final class GcoreException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Kind kind;
    private final boolean mayHaveHappened;
    private final transient @Nullable Duration retryAfter;

    /** What a caller can make of it. */
    enum Kind {
        /** The same request will be refused again. */
        REFUSED,
        /** Gcore has no such report. */
        NOT_FOUND,
        /** Gcore does not accept the account, or none is configured. */
        LOGIN_REFUSED,
        /** Gcore was not reached, was busy or failed; the same request may succeed later. */
        UNAVAILABLE
    }

    private GcoreException(Kind kind, String message, boolean mayHaveHappened, @Nullable Duration retryAfter,
            @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.mayHaveHappened = mayHaveHappened;
        this.retryAfter = retryAfter;
    }

    static GcoreException of(Kind kind, String message, @Nullable Throwable cause) {
        return new GcoreException(kind, message, false, null, cause);
    }

    static GcoreException unavailable(String message, Optional<Duration> retryAfter, @Nullable Throwable cause) {
        return new GcoreException(Kind.UNAVAILABLE, message, false, retryAfter.orElse(null), cause);
    }

    /** The same, after a request of which nobody knows whether Gcore acted on it. */
    GcoreException ambiguous() {
        return new GcoreException(kind, sentence(), true, retryAfter, getCause());
    }

    /** The same for another thread, whose own stack belongs to it. */
    GcoreException again(Optional<Duration> in) {
        return new GcoreException(kind, sentence(), mayHaveHappened, in.orElse(null), this);
    }

    Kind kind() {
        return kind;
    }

    /** Whether Gcore may have acted on the request all the same. */
    boolean mayHaveHappened() {
        return mayHaveHappened;
    }

    /** How long to wait before the next try, when that is known. */
    Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    private String sentence() {
        String message = getMessage();
        return message == null ? "" : message;
    }
}
