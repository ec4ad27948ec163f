package dev.tally.local;

import org.jspecify.annotations.Nullable;

/**
 * What goes wrong with the next requests.
 *
 * @param operation {@code login}, {@code refresh}, {@code features}, {@code start}, {@code status}, {@code list},
 *        {@code download}, {@code delete}, or {@code any}
 * @param status with {@link Kind#STATUS}
 * @param retryAfter with {@link Kind#STATUS}; null for none
 * @param times how many requests it hits; 0 for all from now on
 * @param millis with {@link Kind#DELAY} and {@link Kind#HANG}
 */
record StandInFault(String operation, Kind kind, int status, @Nullable String retryAfter, int times, long millis) {
    enum Kind {
        /** Nothing is done, and the answer has this status. */
        STATUS,
        /** Nothing is done and nothing is answered; after so many milliseconds the connection is closed. */
        HANG,
        /** It is done, but the connection is closed without an answer. */
        LOST,
        /** It is done, but the connection is closed within the answer, whose length was announced. */
        CUT,
        /** The same with an answer in chunks. */
        CUT_CHUNK,
        /** The same, but the connection stays open for so many milliseconds. */
        STALL,
        /** It is done as ever, but so many milliseconds later. */
        DELAY
    }

    boolean hits(String requested) {
        return operation.equals(requested) || operation.equals("any");
    }

    StandInFault once() {
        return new StandInFault(operation, kind, status, retryAfter, times - 1, millis);
    }
}
