package dev.tally.credits;

import java.time.Instant;
import java.util.List;

/**
 * A user with what it may spend.
 *
 * @param admin whether the user's keys see and change the accounts of others
 * @param credits the balance
 * @param scopes the jobs beside records that the user's keys read
 */
record Account(long userId, String name, String email, boolean admin, long credits, List<String> scopes,
        Instant createdAt) {
    Account {
        scopes = List.copyOf(scopes);
    }
}
