package dev.tally.credits;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.annotation.JsonProperty;

import dev.tally.platform.ratelimit.Decision;
import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * A consumer's own account.
 *
 * @param rateLimit how much of its rate is left; null where there is no limit
 */
@RegisterForReflection
record MeResponse(@JsonProperty("user_id") long userId, String name, String email, long credits,
        @JsonProperty("rate_limit") @Nullable Rate rateLimit) {

    /**
     * A rate.
     *
     * @param limit requests in a window
     * @param remaining of them
     * @param resetSeconds until all of them are there again
     */
    @RegisterForReflection
    record Rate(long limit, long remaining, @JsonProperty("reset_seconds") long resetSeconds) {
        static Rate of(Decision decision) {
            return new Rate(decision.limit(), decision.remaining(), decision.resetSeconds());
        }
    }
}
