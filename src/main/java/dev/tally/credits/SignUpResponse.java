package dev.tally.credits;

import com.fasterxml.jackson.annotation.JsonProperty;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * A user that was just made.
 *
 * @param apiKey all of it, this once
 */
@RegisterForReflection
record SignUpResponse(@JsonProperty("user_id") long userId, @JsonProperty("api_key") String apiKey, long credits) {
    /** Without the key. */
    @Override
    public String toString() {
        return "SignUpResponse[" + userId + "]";
    }
}
