package dev.tally.credits;

import java.time.Instant;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonProperty;

import io.quarkus.runtime.annotations.RegisterForReflection;

/** A user as operators see it. Named to the native build, which sees it nowhere but within an answer. */
@RegisterForReflection
record UserResponse(@JsonProperty("user_id") long userId, String name, String email,
        @JsonProperty("is_admin") boolean admin, long credits, List<String> scopes,
        @JsonProperty("created_at") Instant createdAt) {

    static UserResponse of(Account account) {
        return new UserResponse(account.userId(), account.name(), account.email(), account.admin(), account.credits(),
                account.scopes(), account.createdAt());
    }
}
