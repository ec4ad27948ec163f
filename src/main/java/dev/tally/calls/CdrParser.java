package dev.tally.calls;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * Makes CDRs of the texts of an upload. A field that is missing is null.
 *
 * <p>
 * Not for use by several threads.
 */
final class CdrParser {
    static final String DEFAULT_SOURCE = "default";
    static final int MAX_SOURCE_CHARACTERS = 32;
    static final int MAX_EVENT_ID_CHARACTERS = 64;
    static final int MAX_DURATION_SECONDS = 604_800;
    /** The table's own bound. */
    static final Instant EARLIEST_START = Instant.parse("2000-01-01T00:00:00Z");
    /** Clocks of switches run ahead, and a stamp may be local time taken for UTC. */
    static final Duration MAX_AHEAD = Duration.ofDays(1);

    private final Instant latestStart;
    private @Nullable String reason;

    CdrParser(Clock clock) {
        latestStart = clock.instant().plus(MAX_AHEAD);
    }

    /** The CDR of these texts; empty when they are none, and {@link #reason()} says why. */
    Optional<Cdr> parse(long line, @Nullable String source, @Nullable String eventId, @Nullable String msisdn,
            @Nullable String callType, @Nullable String startTime, @Nullable String durationSeconds) {
        reason = null;
        String validSource = source == null || source.isEmpty() ? DEFAULT_SOURCE : source;
        if (!isName(validSource, MAX_SOURCE_CHARACTERS)) {
            return reject(
                    "source must have 1 to " + MAX_SOURCE_CHARACTERS + " characters, none of them a control character");
        }
        if (eventId == null || !isName(eventId, MAX_EVENT_ID_CHARACTERS)) {
            return reject("event_id must have 1 to " + MAX_EVENT_ID_CHARACTERS
                    + " characters, none of them a control character");
        }
        Optional<Msisdn> validMsisdn = msisdn == null ? Optional.empty() : Msisdn.find(msisdn);
        if (validMsisdn.isEmpty()) {
            return reject("msisdn must have " + Msisdn.MIN_DIGITS + " to " + Msisdn.MAX_DIGITS + " digits");
        }
        Optional<CallType> validType = callType == null ? Optional.empty() : CallType.find(callType);
        if (validType.isEmpty()) {
            return reject("call_type must be voice or video");
        }
        Optional<Instant> start = startTime == null ? Optional.empty() : start(startTime);
        if (start.isEmpty()) {
            return reject(
                    "start_time must be ISO 8601 with an offset or Z, such as 2024-01-31T23:59:59Z, to the microsecond");
        }
        if (start.get().isBefore(EARLIEST_START) || start.get().isAfter(latestStart)) {
            return reject("start_time must lie between " + EARLIEST_START + " and tomorrow");
        }
        int duration = durationSeconds == null ? -1 : duration(durationSeconds);
        if (duration < 0) {
            return reject("duration_seconds must be a whole number from 0 to " + MAX_DURATION_SECONDS);
        }
        return Optional.of(
                new Cdr(line, validSource, eventId, validMsisdn.get(), validType.get(), micros(start.get()), duration));
    }

    /** Why the last call of {@link #parse} gave nothing. */
    String reason() {
        if (reason == null) {
            throw new IllegalStateException("The last row was not rejected");
        }
        return reason;
    }

    private Optional<Cdr> reject(String why) {
        reason = why;
        return Optional.empty();
    }

    /**
     * Whether the table can hold this text as it is: PostgreSQL has no NUL and UTF-8 no lone surrogates, and U+FFFD says
     * that the upload was not UTF-8.
     */
    private static boolean isName(String text, int maxCharacters) {
        int characters = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c) || c == '\uFFFD' || Character.isLowSurrogate(c)) {
                return false;
            }
            if (Character.isHighSurrogate(c)) {
                i++;
                if (i == text.length() || !Character.isLowSurrogate(text.charAt(i))) {
                    return false;
                }
            }
            characters++;
        }
        return characters >= 1 && characters <= maxCharacters;
    }

    private static Optional<Instant> start(String text) {
        try {
            Instant start = OffsetDateTime.parse(text).toInstant();
            return start.truncatedTo(ChronoUnit.MICROS).equals(start) ? Optional.of(start) : Optional.empty();
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static long micros(Instant start) {
        return start.getEpochSecond() * 1_000_000 + start.getNano() / 1_000;
    }

    /** The number, or -1 when it is not one of 0..604800. */
    private static int duration(String text) {
        int value = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            value = value * 10 + (c - '0');
            if (value > MAX_DURATION_SECONDS) {
                return -1;
            }
        }
        return text.isEmpty() ? -1 : value;
    }
}
