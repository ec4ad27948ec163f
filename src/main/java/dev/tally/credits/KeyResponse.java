package dev.tally.credits;

import java.time.Instant;
import java.util.List;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.annotation.JsonProperty;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * A key as its owner sees it, who saw the key itself only once.
 *
 * @param start its first characters
 * @param expiresAt from when on it is good no more; null for never
 * @param lastUsedAt within the last seconds may not be in it yet; null for never
 * @param revokedAt null unless it was revoked
 * @param scopes the jobs beside records that it reads
 */
@RegisterForReflection
record KeyResponse(long id, String start, String name, @JsonProperty("created_at") Instant createdAt,
        @JsonProperty("expires_at") @Nullable Instant expiresAt,
        @JsonProperty("last_used_at") @Nullable Instant lastUsedAt,
        @JsonProperty("revoked_at") @Nullable Instant revokedAt, List<String> scopes) {}
