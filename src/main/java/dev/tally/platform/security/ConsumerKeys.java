package dev.tally.platform.security;

import java.util.Optional;

import io.smallrye.mutiny.Uni;

/** The API keys that are good. */
public interface ConsumerKeys {
    /** The header of requests that has the key. */
    String HEADER = "x-api-key";

    /**
     * Finds whose key this is. Never blocks. A key that was revoked on any replica more than a second ago is not found.
     *
     * @param apiKey as it was sent; it may be anything
     * @return empty when it is not good: unknown, expired, revoked, or no key at all
     */
    Uni<Optional<Consumer>> find(String apiKey);

    /**
     * Whether this process has found the key good before; it may have ended since. Looks nothing up, and is never so of a
     * text that could be guessed.
     */
    boolean wasGood(String apiKey);
}
