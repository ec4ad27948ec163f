package dev.tally.interactions;

import java.text.Normalizer;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.Month;
import java.time.YearMonth;
import java.time.format.TextStyle;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads dates as people write them into a cell that is text: day first, or the year first as ISO 8601 has it. */
final class DateTexts {
    private static final String TIME = "(?:[ ,T]{1,2}(?<hour>\\d{1,2}):(?<minute>\\d{2})"
            + "(?::(?<second>\\d{2})(?:[.,](?<fraction>\\d{1,9}))?)?(?: ?(?<half>[AaPp])\\.?[Mm]\\.?)?)?";
    private static final Pattern DAY_FIRST = Pattern
            .compile("(?<day>\\d{1,2})(?<sep>[/. -])(?<month>\\d{1,2}|[A-Za-z]{3,9})\\k<sep>(?<year>\\d{4})" + TIME);
    private static final Pattern YEAR_FIRST = Pattern
            .compile("(?<year>\\d{4})(?<sep>[/. -])(?<month>\\d{1,2})\\k<sep>(?<day>\\d{1,2})" + TIME);
    private static final Pattern SHORT_YEAR = Pattern
            .compile("\\d{1,2}[/. -](\\d{1,2}|[A-Za-z]{3,9})[/. -]\\d{2}( .*)?");
    private static final Pattern MONTH_FIRST = Pattern
            .compile("(?<month>\\d{1,2}|[A-Za-z]{3,9})[/. -](?<year>\\d{4})");
    private static final Pattern MONTH_LAST = Pattern
            .compile("(?<year>\\d{4})[/. -](?<month>\\d{1,2}|[A-Za-z]{3,9})");
    private static final Pattern DASHES = Pattern.compile("[\\u2010-\\u2015\\u2212]");
    private static final int MAX_CHARACTERS = 60;
    private static final int HALF_A_DAY = 12;
    private static final int TENTH_HALF = 5;

    private DateTexts() {}

    /** To the second; without a time, the start of the day. */
    static LocalDateTime dateTime(String text) throws CellFaultException {
        String clean = clean(text);
        for (Pattern form : new Pattern[]{DAY_FIRST, YEAR_FIRST}) {
            Matcher match = form.matcher(clean);
            if (match.matches()) {
                LocalDateTime whole = LocalDateTime.of(date(match), time(match));
                return isHalfASecond(match) ? whole.plusSeconds(1) : whole;
            }
        }
        if (SHORT_YEAR.matcher(clean).matches()) {
            throw new CellFaultException("has a year of two digits; write all four");
        }
        throw new CellFaultException(
                "is no date; write it like 04/10/2019 09:00, day first, or make it a date of Excel");
    }

    /** A month, or the month of a date. */
    static YearMonth month(String text) throws CellFaultException {
        String clean = clean(text);
        for (Pattern form : new Pattern[]{MONTH_FIRST, MONTH_LAST}) {
            Matcher match = form.matcher(clean);
            if (match.matches()) {
                return YearMonth.of(Integer.parseInt(match.group("year")), monthNumber(match.group("month")));
            }
        }
        if (DAY_FIRST.matcher(clean).matches() || YEAR_FIRST.matcher(clean).matches()) {
            return YearMonth.from(dateTime(text));
        }
        throw new CellFaultException("is no month; write it like 01-2019, or make it a date of Excel");
    }

    private static String clean(String text) throws CellFaultException {
        if (text.length() > MAX_CHARACTERS) {
            throw new CellFaultException("is too long for a date");
        }
        String one = Spelling.tidy(Normalizer.normalize(text, Normalizer.Form.NFKC));
        return DASHES.matcher(one).replaceAll("-");
    }

    private static LocalDate date(Matcher match) throws CellFaultException {
        int year = Integer.parseInt(match.group("year"));
        int month = monthNumber(match.group("month"));
        int day = Integer.parseInt(match.group("day"));
        try {
            return LocalDate.of(year, month, day);
        } catch (DateTimeException _) {
            throw new CellFaultException("is not in the calendar");
        }
    }

    private static int monthNumber(String text) throws CellFaultException {
        if (Character.isDigit(text.charAt(0))) {
            int month = Integer.parseInt(text);
            if (month < 1 || month > Month.values().length) {
                throw new CellFaultException("has no month " + month + "; dates are read day first");
            }
            return month;
        }
        String name = text.toLowerCase(Locale.ROOT);
        return Arrays.stream(Month.values())
                .filter(month -> month.getDisplayName(TextStyle.FULL, Locale.ENGLISH).toLowerCase(Locale.ROOT)
                        .startsWith(name))
                .findFirst().orElseThrow(() -> new CellFaultException("has no month that is known; use its number"))
                .getValue();
    }

    private static LocalTime time(Matcher match) throws CellFaultException {
        if (match.group("hour") == null) {
            return LocalTime.MIDNIGHT;
        }
        int hour = Integer.parseInt(match.group("hour"));
        String half = match.group("half");
        if (half != null) {
            if (hour < 1 || hour > HALF_A_DAY) {
                throw new CellFaultException("has no such hour");
            }
            hour = hour % HALF_A_DAY + (half.equalsIgnoreCase("p") ? HALF_A_DAY : 0);
        }
        String second = match.group("second");
        try {
            return LocalTime.of(hour, Integer.parseInt(match.group("minute")),
                    second == null ? 0 : Integer.parseInt(second));
        } catch (DateTimeException _) {
            throw new CellFaultException("has no such time of day");
        }
    }

    private static boolean isHalfASecond(Matcher match) {
        String fraction = match.group("fraction");
        return fraction != null && fraction.charAt(0) - '0' >= TENTH_HALF;
    }
}
