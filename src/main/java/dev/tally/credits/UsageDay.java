package dev.tally.credits;

import java.time.LocalDate;

import org.jspecify.annotations.Nullable;

/**
 * What a user asked of an endpoint on a day, without what was given back.
 *
 * @param email null when the user is gone
 */
record UsageDay(LocalDate date, long userId, @Nullable String email, String endpoint, long requests,
        long recordsReturned, long creditsUsed) {}
