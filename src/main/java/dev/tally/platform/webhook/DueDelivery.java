package dev.tally.platform.webhook;

import java.net.URI;
import java.time.Instant;
import java.util.UUID;

/**
 * A delivery that this process is to attempt.
 *
 * @param attempt its number; it has the lease as long as no later one was begun
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares them, and nobody changes the body.
record DueDelivery(UUID id, URI callbackUrl, String host, byte[] body, int attempt, Instant createdAt) {
    /** Without the URL and the body, which are the caller's. */
    @Override
    public String toString() {
        return "DueDelivery[id=" + id + ", attempt=" + attempt + "]";
    }
}
