package dev.tally.credits;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.annotation.JsonProperty;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * A key that was just made.
 *
 * @param apiKey all of it, this once
 * @param expiresAt null for never
 */
@RegisterForReflection
record NewKeyResponse(long id, @JsonProperty("api_key") String apiKey, String start, String name,
        @JsonProperty("created_at") Instant createdAt, @JsonProperty("expires_at") @Nullable Instant expiresAt) {
    /** Without the key. */
    @Override
    public String toString() {
        return "NewKeyResponse[" + id + ", " + start + "…]";
    }
}
