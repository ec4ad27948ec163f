package dev.tally.interactions;

import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;

import dev.tally.platform.time.DateRange;

/** The local dates of a zone that an answer is about. */
record Period(DateRange range, ZoneId zone) {
    /** No interaction is outside these, whatever the zone: a workbook may have those of 1900 to 2199. */
    private static final LocalDate FIRST = LocalDate.of(1899, 12, 30);
    private static final LocalDate LAST = LocalDate.of(2200, 1, 2);

    private LocalDate first() {
        return range.firstFrom(FIRST);
    }

    private LocalDate last() {
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

    /** The first day of the month with the first day. */
    LocalDate firstMonth() {
        return first().withDayOfMonth(1);
    }

    /** When each month began, in seconds since 1970-01-01T00:00:00Z. */
    Long[] monthStarts() {
        List<Long> starts = new ArrayList<>();
        LocalDate last = last();
        for (YearMonth month = YearMonth.from(firstMonth()); !month.atDay(1).isAfter(last); month = month
                .plusMonths(1)) {
            starts.add(month.atDay(1).atStartOfDay(zone).toEpochSecond());
        }
        return starts.toArray(Long[]::new);
    }
}
