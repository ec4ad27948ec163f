package dev.tally.platform.problem;

import java.util.List;
import java.util.Map;

/**
 * A fault in the form in which clients may see it.
 *
 * @param code what kind of fault
 * @param detail a sentence for the client
 * @param violations what is wrong with which field; empty unless the fault is about fields
 * @param extensions further members of the document
 * @param headers headers of the answer
 */
record Problem(ProblemCode code, String detail, List<Violation> violations, Map<String, Object> extensions,
        Map<String, String> headers) {
    Problem {
        violations = List.copyOf(violations);
    }

    static Problem of(ProblemCode code, String detail) {
        return new Problem(code, detail, List.of(), Map.of(), headers(code));
    }

    static Problem of(ProblemException fault) {
        return new Problem(fault.code(), fault.detail(), List.of(), fault.extensions(),
                headers(fault.code(), fault.retryAfterSeconds()));
    }

    static Problem of(ProblemCode code, String detail, List<Violation> violations) {
        return new Problem(code, detail, violations, Map.of(), headers(code));
    }

    private static Map<String, String> headers(ProblemCode code) {
        return headers(code, ProblemException.DEFAULT_RETRY_SECONDS);
    }

    private static Map<String, String> headers(ProblemCode code, long retryAfterSeconds) {
        if (code == ProblemCode.UNAUTHENTICATED) {
            return Map.of("WWW-Authenticate", "Basic realm=\"Tally\"");
        }
        if (code == ProblemCode.API_KEY_INVALID) {
            return Map.of("WWW-Authenticate", "ApiKey realm=\"Tally\"");
        }
        if (code == ProblemCode.BODY_TOO_LARGE) {
            // The rest of the body is not read, so the connection cannot carry another request.
            return Map.of("Connection", "close");
        }
        if (code.retry() == ProblemCode.Retry.SOON) {
            return Map.of("Retry-After", Long.toString(retryAfterSeconds));
        }
        return Map.of();
    }
}
