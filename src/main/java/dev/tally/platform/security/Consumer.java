package dev.tally.platform.security;

import java.security.Principal;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Who calls with an API key.
 *
 * @param userId whose key it is
 * @param keyId which of the user's keys
 * @param admin whether the user may see and change the accounts of others
 * @param scopes the jobs that the key reads beside records; each is a role of {@link Scope}
 * @param expiresAt from when on the key is good no more
 */
public record Consumer(long userId, long keyId, boolean admin, Set<String> scopes, Optional<Instant> expiresAt)
        implements
            Principal {
    public Consumer {
        scopes = Set.copyOf(scopes);
    }

    /** No operator's name: theirs have no colon. */
    @Override
    public String getName() {
        return "user:" + userId;
    }
}
