package dev.tally.platform.problem;

/**
 * Every kind of fault that a client can see. The names are stable: clients switch on them, and docs/problems.md has a
 * section for each.
 */
public enum ProblemCode {
    REQUEST_INVALID(400, "Invalid request", false), MSISDN_INVALID(400, "Invalid msisdn", false), DATE_INVALID(400,
            "Invalid date", false), RANGE_INVALID(400, "Invalid date range", false), ZONE_INVALID(400, "Invalid zone",
                    false), UPLOAD_INVALID(400, "The upload cannot be read", false), UPLOAD_REJECTED(422,
                            "The upload was not loaded", false), TOO_MANY_LOADS(503, "Too many uploads at once",
                                    true), DATABASE_UNAVAILABLE(503, "The database does not answer",
                                            true), QUERY_TOO_SLOW(503, "The query took too long",
                                                    true), INTERNAL_ERROR(500, "Internal error", true);

    private final int status;
    private final String title;
    private final boolean retryable;

    ProblemCode(int status, String title, boolean retryable) {
        this.status = status;
        this.title = title;
        this.retryable = retryable;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** A short sentence that is the same for every problem with this code. */
    public String title() {
        return title;
    }

    /** Whether the same request can succeed later without a change. */
    public boolean retryable() {
        return retryable;
    }
}
