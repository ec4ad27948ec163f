package dev.tally.platform.ratelimit;

/**
 * What became of one request.
 *
 * @param policy by which it was decided
 * @param allowed whether it may be done
 * @param remaining how many more could be done at once after it
 * @param resetSeconds in how long all requests of the policy can be done at once again, rounded up
 * @param retryAfterSeconds in how long one can be done, rounded up; 0 for a request that was allowed
 */
public record Decision(Policy policy, boolean allowed, long remaining, long resetSeconds, long retryAfterSeconds) {
    /** How many requests can be done at once. */
    public long limit() {
        return policy.requests();
    }
}
