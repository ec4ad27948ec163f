package dev.tally.platform.problem;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/** A fault with the words that the client may read. Its cause, if any, is for the log only. */
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1;
    /** Where nobody knows better. */
    static final long DEFAULT_RETRY_SECONDS = 5;

    private final ProblemCode code;
    private final transient Map<String, Object> extensions;
    private final long retryAfterSeconds;

    /**
     * @param code what kind of fault
     * @param detail a sentence for the client: what is wrong and what to do; no secret, SQL or host name
     */
    public ProblemException(ProblemCode code, String detail) {
        this(code, detail, Map.of(), null);
    }

    /**
     * A fault of which is known when a retry can help.
     *
     * @param code one that says so in {@code Retry-After}
     * @param retryAfterSeconds in how many seconds, 1 at least
     */
    public ProblemException(ProblemCode code, String detail, long retryAfterSeconds) {
        this(code, detail, Map.of(), null, retryAfterSeconds);
        if (code.retry() != ProblemCode.Retry.SOON || retryAfterSeconds < 1) {
            throw new IllegalArgumentException(code + " with a retry after " + retryAfterSeconds + " s");
        }
    }

    public ProblemException(ProblemCode code, String detail, @Nullable Throwable cause) {
        this(code, detail, Map.of(), cause);
    }

    /** @param extensions further members of the problem (RFC 9457, section 3.2), values that Jackson can write */
    public ProblemException(ProblemCode code, String detail, Map<String, Object> extensions,
            @Nullable Throwable cause) {
        this(code, detail, extensions, cause, DEFAULT_RETRY_SECONDS);
    }

    private ProblemException(ProblemCode code, String detail, Map<String, Object> extensions,
            @Nullable Throwable cause, long retryAfterSeconds) {
        super(detail, cause);
        this.code = Objects.requireNonNull(code);
        this.extensions = new LinkedHashMap<>(extensions);
        this.retryAfterSeconds = retryAfterSeconds;
    }

    public ProblemCode code() {
        return code;
    }

    public String detail() {
        return Objects.requireNonNull(getMessage());
    }

    public Map<String, Object> extensions() {
        return extensions;
    }

    /** In how many seconds a retry can help, where the code says that it can. */
    long retryAfterSeconds() {
        return retryAfterSeconds;
    }
}
