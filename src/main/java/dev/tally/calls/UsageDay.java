package dev.tally.calls;

import java.time.Instant;
import java.time.LocalDate;

import org.jspecify.annotations.Nullable;

/**
 * The calls of one subscriber on one local date.
 *
 * @param firstCall when the first call began, if that was asked for
 * @param lastCall when the last call began, if that was asked for
 */
record UsageDay(String msisdn, LocalDate date, Measures measures, @Nullable Instant firstCall,
        @Nullable Instant lastCall) {

    /** A day without calls. */
    static UsageDay none(String msisdn, LocalDate date) {
        return new UsageDay(msisdn, date, Measures.NONE, null, null);
    }
}
