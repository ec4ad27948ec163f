package dev.tally.credits;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A question that was paid for.
 *
 * @param queryParams what was asked, as JSON
 * @param creditsUsed 0 once they were given back
 * @param responseTimeMillis null until it is answered
 * @param state open, answered or refunded
 */
record UsageLog(long id, long userId, Instant createdAt, String endpoint, String queryParams, long recordsReturned,
        long creditsUsed, @Nullable Long responseTimeMillis, String state) {}
