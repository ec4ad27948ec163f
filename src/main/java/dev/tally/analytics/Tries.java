package dev.tally.analytics;

import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;

/** Asks the store again when that may help. The S3 client's own tries are off, so that the two do not multiply. */
final class Tries {
    private final StoreConfig config;

    Tries(StoreConfig config) {
        this.config = config;
    }

    /**
     * Gives what the request gives. An interrupt of the thread ends the tries, and the wait between them.
     *
     * @throws StoreFault the last one
     */
    <T> T call(Supplier<T> request) {
        for (int tries = 1;; tries++) {
            try {
                return request.get();
            } catch (StoreFault e) {
                if (!e.kind().mayPass() || tries >= config.maxTries() || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
            }
            pause(tries);
        }
    }

    /** Half of it by chance, so that many do not come back at once. */
    private void pause(int tries) {
        long longest = config.minBackoffMillis();
        for (int doubled = 1; doubled < tries && longest < config.maxBackoffMillis(); doubled++) {
            longest *= 2;
        }
        longest = Math.min(longest, config.maxBackoffMillis());
        try {
            Thread.sleep(ThreadLocalRandom.current().nextLong(longest / 2, longest + 1));
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    static StoreFault interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new StoreFault(StoreFault.Kind.FAILED, "Nobody waits for the store any more", cause);
    }
}
