package dev.tally.platform.time;

import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoUnit;

import org.jspecify.annotations.Nullable;

import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;

/**
 * Days from {@code start} to {@code end}, both included; null leaves that side open.
 *
 * @param start the first day
 * @param end the last day, not before the first
 */
public record DateRange(@Nullable LocalDate start, @Nullable LocalDate end) {
    /** Strict: 2023-02-29 is no date. Four digits; the year 0000 is caught below. */
    private static final DateTimeFormatter ISO_DAY = DateTimeFormatter.ofPattern("uuuu-MM-dd")
            .withResolverStyle(ResolverStyle.STRICT);
    private static final int CHARACTERS = "YYYY-MM-DD".length();

    public DateRange {
        if (start != null && end != null && start.isAfter(end)) {
            throw new ProblemException(ProblemCode.RANGE_INVALID, "start_date must not be after end_date.");
        }
    }

    /**
     * Reads the parameters {@code start_date} and {@code end_date}.
     *
     * @param maxDays how many days a range with both ends may have
     * @throws ProblemException {@code DATE_INVALID} or {@code RANGE_INVALID}
     */
    public static DateRange parse(@Nullable String start, @Nullable String end, int maxDays) {
        DateRange range = new DateRange(parseDay("start_date", start), parseDay("end_date", end));
        if (range.start != null && range.end != null && range.start.plusDays(maxDays).compareTo(range.end) <= 0) {
            throw new ProblemException(ProblemCode.RANGE_INVALID,
                    "The range is longer than " + maxDays + " days.");
        }
        return range;
    }

    /** The number of days; only for a range that is open on neither side. */
    public long days() {
        if (start == null || end == null) {
            throw new IllegalStateException("An open range has no number of days");
        }
        return ChronoUnit.DAYS.between(start, end) + 1;
    }

    /** The first of its days that can have data; after the last one when there is none. */
    public LocalDate firstFrom(LocalDate earliest) {
        return start == null || start.isBefore(earliest) ? earliest : start;
    }

    /** The last of its days that can have data; before the first one when there is none. */
    public LocalDate lastUntil(LocalDate latest) {
        return end == null || end.isAfter(latest) ? latest : end;
    }

    private static @Nullable LocalDate parseDay(String parameter, @Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            if (text.length() == CHARACTERS && !text.startsWith("0000")) {
                return LocalDate.parse(text, ISO_DAY);
            }
        } catch (DateTimeParseException _) {
            // Answered below, like every other text that is no date.
        }
        throw new ProblemException(ProblemCode.DATE_INVALID, "Invalid " + parameter + " format. Use YYYY-MM-DD.");
    }
}
