package dev.tally.platform.time;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;

/**
 * The offsets of a zone over a time, from the JDK's copy of the IANA time zone database: what is needed to find the
 * local date of an instant by arithmetic, where the JDK is not at hand, as in SQL.
 *
 * @param spans in the order of time; each holds until the next begins, the last without end
 */
public record ZoneOffsets(List<Span> spans) {
    /**
     * @param fromEpochSecond since when
     * @param offsetSeconds local time minus UTC
     */
    public record Span(long fromEpochSecond, int offsetSeconds) {}

    /** No zone was ever further from UTC ({@link ZoneOffset#MAX}). */
    private static final int MAX_OFFSET_DAYS = 1;

    public ZoneOffsets {
        spans = List.copyOf(spans);
    }

    /** The offsets that the instants of these local dates have, the first and the last date included. */
    public static ZoneOffsets of(ZoneId zone, LocalDate first, LocalDate last) {
        ZoneRules rules = zone.getRules();
        Instant from = first.minusDays(MAX_OFFSET_DAYS).atStartOfDay(ZoneOffset.UTC).toInstant();
        Instant until = last.plusDays(MAX_OFFSET_DAYS + 1L).atStartOfDay(ZoneOffset.UTC).toInstant();
        List<Span> spans = new ArrayList<>();
        spans.add(new Span(from.getEpochSecond(), rules.getOffset(from).getTotalSeconds()));
        ZoneOffsetTransition transition = rules.nextTransition(from);
        while (transition != null && transition.getInstant().isBefore(until)) {
            spans.add(new Span(transition.toEpochSecond(), transition.getOffsetAfter().getTotalSeconds()));
            transition = rules.nextTransition(transition.getInstant());
        }
        return new ZoneOffsets(spans);
    }

    /** Whether local time is UTC all the while. */
    public boolean isUtc() {
        return spans.stream().allMatch(span -> span.offsetSeconds() == 0);
    }
}
