package dev.tally.credits;

import java.util.Optional;

import dev.tally.platform.idempotency.IdempotencyService.Ticket;

/**
 * What is to be charged.
 *
 * @param credits 1 at least
 * @param queryParams as JSON
 * @param key which the charge takes with it
 */
record Charge(long userId, long credits, String endpoint, String queryParams, Optional<Key> key) {

    /** An {@code Idempotency-Key} that only one charge may have. */
    @SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
    record Key(Ticket ticket, byte[] requestFingerprint) {
        /** Without what is derived from the consumer's. */
        @Override
        public String toString() {
            return "Key[" + ticket + "]";
        }
    }

    /**
     * What became of it.
     *
     * @param usageId of what was charged; 0 when nothing was
     * @param available the balance after it, or that did not suffice
     */
    record Decision(Outcome outcome, long usageId, long available) {}

    /** How charges end. */
    enum Outcome {
        CHARGED, INSUFFICIENT, KEY_TAKEN, NO_ACCOUNT
    }
}
