package dev.tally.credits;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import jakarta.enterprise.context.ApplicationScoped;

import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;
import io.micrometer.core.instrument.MeterRegistry;

/** What the answers of this process take that are made and not settled yet: while the database stalls, they all wait. */
@ApplicationScoped
class HeldBytes {
    private final AtomicLong bytes = new AtomicLong();
    private final long maxBytes;

    HeldBytes(CreditsConfig config, MeterRegistry registry) {
        maxBytes = config.charging().maxHeldBytes();
        registry.gauge("tally.credits.held.bytes", bytes);
    }

    /** @throws ProblemException {@code OVERLOADED} when there is no room for one more answer, whatever its size */
    void requireRoom() {
        if (bytes.get() >= maxBytes) {
            throw overloaded();
        }
    }

    /**
     * Counts an answer for as long as it is held; one alone is, however large.
     *
     * @throws ProblemException {@code OVERLOADED} when there is no room for it
     */
    Hold hold(long sizeBytes) {
        long all = bytes.addAndGet(sizeBytes);
        if (all > maxBytes && all > sizeBytes) {
            bytes.addAndGet(-sizeBytes);
            throw overloaded();
        }
        return new Hold(bytes, sizeBytes);
    }

    /** Of all that are held now. */
    long bytes() {
        return bytes.get();
    }

    private static ProblemException overloaded() {
        return new ProblemException(ProblemCode.OVERLOADED,
                "Too many answers wait until their charges are settled. Try again later.");
    }

    /** An answer that is counted until all who have it have closed this, each once. */
    static final class Hold implements AutoCloseable {
        private final AtomicLong bytes;
        private final long sizeBytes;
        private final AtomicInteger holders = new AtomicInteger(1);

        private Hold(AtomicLong bytes, long sizeBytes) {
            this.bytes = bytes;
            this.sizeBytes = sizeBytes;
        }

        /** For one more who has the answer. */
        Hold shared() {
            holders.incrementAndGet();
            return this;
        }

        @Override
        public void close() {
            if (holders.decrementAndGet() == 0) {
                bytes.addAndGet(-sizeBytes);
            }
        }
    }
}
