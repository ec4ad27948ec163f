package dev.tally.platform.webhook;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * What became of one webhook so far.
 *
 * @param id the same in each attempt; receivers know a repetition by it
 * @param type of the event
 * @param state {@code open} while it is tried, {@code delivered}, or {@code failed} when it is given up
 * @param createdAt when it was asked for
 * @param nextAttemptAt when the next attempt may begin; empty unless it is open
 * @param attempts those that have ended, the first one first
 */
public record WebhookDelivery(UUID id, String type, String state, Instant createdAt, Optional<Instant> nextAttemptAt,
        List<Attempt> attempts) {

    public WebhookDelivery {
        attempts = List.copyOf(attempts);
    }

    /**
     * @param number from 1; one whose process died is missing
     * @param at when it ended
     * @param status the answer's, if there was one
     * @param fault a sentence, if there was none
     */
    public record Attempt(int number, Instant at, Optional<Integer> status, Optional<String> fault) {}
}
