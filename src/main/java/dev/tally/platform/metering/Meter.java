package dev.tally.platform.metering;

import java.util.Optional;

import org.jspecify.annotations.Nullable;

import dev.tally.platform.idempotency.StoredAnswer;
import dev.tally.platform.problem.ProblemException;

/** Charges consumers for answers: each answer that goes out exactly once, and nothing else. */
public interface Meter {
    /**
     * Charges, has the work done, and settles the charge before the answer goes out. When the work fails, or this process
     * dies, what was charged is given back, once.
     *
     * @param work runs on the caller's thread, outside any transaction, and not at all unless it is paid for
     * @throws ProblemException {@code CREDITS_INSUFFICIENT} when the balance does not suffice: nothing was done;
     *         {@code OVERLOADED} when too many answers wait for their settlement: nothing was done, or it was given back;
     *         {@code IDEMPOTENCY_KEY_REUSED}, {@code IDEMPOTENCY_KEY_IN_USE}; {@code CHARGE_EXPIRED} when the work took so
     *         long that the charge was given back meanwhile; and what the work throws
     */
    Result answer(Order order, Work work) throws InterruptedException;

    /** What a consumer may spend. */
    long available(long userId);

    /**
     * What is asked for.
     *
     * @param userId who pays
     * @param endpoint as it stands in usage, such as {@code /query}
     * @param queryParams as JSON
     * @param credits 1 at least
     * @param key with which the consumer may ask again for the same answer
     */
    record Order(long userId, String endpoint, String queryParams, long credits, Optional<Key> key) {}

    /** An {@code Idempotency-Key} with the fingerprint of its request. */
    @SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
    record Key(String value, byte[] requestFingerprint) {
        /** Without what the consumer keeps for itself. */
        @Override
        public String toString() {
            return "Key";
        }
    }

    /** Work that is paid for. */
    @FunctionalInterface
    interface Work {
        /**
         * Makes the whole answer. A fault of the caller that was paid for, such as a record that is not there, is an
         * answer too; whatever is thrown is a failure, and given back.
         */
        Delivery run() throws InterruptedException;
    }

    /**
     * What the work came to.
     *
     * @param answer to the last byte
     * @param records how many records are in it
     * @param responseMillis how long it took
     */
    record Delivery(StoredAnswer answer, long records, long responseMillis) {}

    /**
     * What goes out.
     *
     * @param replayed whether the answer is an earlier one, of the same key, for which nothing was charged again
     */
    record Result(StoredAnswer answer, boolean replayed) {}

    /** An {@code Idempotency-Key}, where the header was sent. */
    static Optional<Key> key(@Nullable String header, byte[] requestFingerprint) {
        return Optional.ofNullable(header).map(value -> new Key(value, requestFingerprint));
    }
}
