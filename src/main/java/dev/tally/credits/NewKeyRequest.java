package dev.tally.credits;

import java.time.Instant;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What key is wanted.
 *
 * @param name for its owner
 * @param expiresAt from when on it is good no more; null for never
 */
record NewKeyRequest(
        @NotBlank @Size(max = 100) @Pattern(regexp = "[^\\p{Cc}\\p{Cs}]*", message = "must have no control characters") String name,
        @JsonProperty("expires_at") @Nullable Instant expiresAt) {}
