package dev.tally.credits;

import java.util.Optional;

import dev.tally.platform.idempotency.IdempotencyService.Ticket;
import dev.tally.platform.idempotency.StoredAnswer;

/**
 * A charge whose answer is there and shall go out.
 *
 * @param usageId what was charged
 * @param kept the answer, when it is kept for a key
 */
record Settlement(long usageId, long records, long responseMillis, Optional<Kept> kept) {
    /**
     * An answer that is replayed from then on.
     *
     * @param hold to be closed by whoever does not have the settlement any more
     */
    record Kept(Ticket ticket, StoredAnswer answer, HeldBytes.Hold hold) {}
}
