package dev.tally.calls;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Which state of the data an answer was made from.
 *
 * @param asOf when that data last changed; null before there is any
 * @param number grows with every change to that data
 */
record DataVersion(@Nullable Instant asOf, long number) {
    /** Before there is any data. */
    static final DataVersion NONE = new DataVersion(null, 0);
}
