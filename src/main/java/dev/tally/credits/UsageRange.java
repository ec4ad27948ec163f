package dev.tally.credits;

import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneId;

import dev.tally.platform.time.DateRange;
import dev.tally.platform.time.ZoneOffsets;

/** The local dates of a zone that are asked for. */
record UsageRange(DateRange range, ZoneId zone) {
    /** No usage is outside these, whatever the zone. */
    private static final LocalDate FIRST = LocalDate.of(1970, 1, 2);
    private static final LocalDate LAST = LocalDate.of(2199, 12, 31);

    LocalDate first() {
        return range.firstFrom(FIRST);
    }

    LocalDate last() {
        return range.lastUntil(LAST);
    }

    /** The first instant. */
    OffsetDateTime from() {
        return first().atStartOfDay(zone).toOffsetDateTime();
    }

    /** The first instant after it. */
    OffsetDateTime until() {
        return last().plusDays(1).atStartOfDay(zone).toOffsetDateTime();
    }

    /** Some of its dates. */
    UsageRange part(LocalDate from, LocalDate to) {
        return new UsageRange(new DateRange(from, to), zone);
    }

    ZoneOffsets offsets() {
        return ZoneOffsets.of(zone, first(), last());
    }
}
