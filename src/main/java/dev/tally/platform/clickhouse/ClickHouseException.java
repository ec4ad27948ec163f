package dev.tally.platform.clickhouse;

import java.util.OptionalInt;

import org.jspecify.annotations.Nullable;

/**
 * ClickHouse did not do what it was asked for. The message is a sentence for strangers; what ClickHouse said is in the
 * cause, for the log.
 */
public final class ClickHouseException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final Kind kind;
    private final int code;

    /** What a caller can make of it. */
    public enum Kind {
        /** No address is configured. */
        NOT_CONFIGURED,
        /** It cannot be reached, or breaks off. */
        UNREACHABLE,
        /** It took longer than it may. */
        TIMED_OUT,
        /** The caller's thread was interrupted. */
        INTERRUPTED,
        /** It refused, with a code of its own. */
        REFUSED,
        /** The answer has more bytes than it may. */
        TOO_LARGE
    }

    ClickHouseException(Kind kind, String message, @Nullable Throwable cause) {
        this(kind, 0, message, cause);
    }

    ClickHouseException(Kind kind, int code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.code = code;
    }

    public Kind kind() {
        return kind;
    }

    /** ClickHouse's own code of the fault, where it gave one. */
    public OptionalInt code() {
        return code == 0 ? OptionalInt.empty() : OptionalInt.of(code);
    }

    /** What ClickHouse said: for decisions and the log, never for an answer. */
    public String said() {
        return getCause() instanceof ClickHouseAnswer answer ? answer.text() : "";
    }
}
