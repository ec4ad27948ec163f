package dev.tally.platform.problem;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/** A fault with the words that the client may read. Its cause, if any, is for the log only. */
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final ProblemCode code;
    private final transient Map<String, Object> extensions;

    /**
     * @param code what kind of fault
     * @param detail a sentence for the client: what is wrong and what to do; no secret, SQL or host name
     */
    public ProblemException(ProblemCode code, String detail) {
        this(code, detail, Map.of(), null);
    }

    public ProblemException(ProblemCode code, String detail, @Nullable Throwable cause) {
        this(code, detail, Map.of(), cause);
    }

    /** @param extensions further members of the problem (RFC 9457, section 3.2), values that Jackson can write */
    public ProblemException(ProblemCode code, String detail, Map<String, Object> extensions,
            @Nullable Throwable cause) {
        super(detail, cause);
        this.code = Objects.requireNonNull(code);
        this.extensions = new LinkedHashMap<>(extensions);
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
}
