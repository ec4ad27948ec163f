package dev.tally.calls;

import java.time.LocalDate;
import java.time.ZoneId;

import org.jspecify.annotations.Nullable;

import dev.tally.platform.time.DateRange;
import dev.tally.platform.time.ZoneOffsets;

/** The local dates of a zone that an answer is about. */
record UsagePeriod(DateRange range, ZoneId zone) {
    /** No CDR is outside these, whatever the zone; see the table. */
    private static final LocalDate FIRST = LocalDate.of(1999, 12, 31);
    private static final LocalDate LAST = LocalDate.of(2200, 1, 1);

    /** The first date that can have calls. */
    LocalDate first() {
        return range.firstFrom(FIRST);
    }

    /** The last date that can have calls; before {@link #first} when there is none. */
    LocalDate last() {
        return range.lastUntil(LAST);
    }

    ZoneOffsets offsets() {
        return ZoneOffsets.of(zone, first(), last());
    }

    @Nullable
    LocalDate start() {
        return range.start();
    }

    @Nullable
    LocalDate end() {
        return range.end();
    }
}
