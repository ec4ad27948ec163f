package dev.tally.calls;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CdrParserTest {
    private static final String SOURCE = "source must have 1 to 32 characters, none of them a control character";
    private static final String EVENT_ID = "event_id must have 1 to 64 characters, none of them a control character";
    private static final String START_TIME = "start_time must be ISO 8601 with an offset or Z, such as "
            + "2024-01-31T23:59:59Z, to the microsecond";
    private static final String DURATION = "duration_seconds must be a whole number from 0 to 604800";

    private final CdrParser parser = new CdrParser(
            Clock.fixed(Instant.parse("2024-06-01T12:00:00Z"), ZoneOffset.UTC));

    @Test
    void readsEveryField() {
        Optional<Cdr> cdr = parser.parse(7, "switch-1", "e-1", "+7643008066273", "video",
                "2024-01-01T01:30:00.000001+05:30", "604800");

        assertThat(cdr).hasValue(new Cdr(7, "switch-1", "e-1", new Msisdn("7643008066273"), CallType.VIDEO,
                Instant.parse("2023-12-31T20:00:00Z").getEpochSecond() * 1_000_000 + 1, 604_800));
    }

    @ParameterizedTest
    @CsvSource(value = {"null", "''"}, nullValues = "null")
    void takesTheDefaultSource(String source) {
        assertThat(parser.parse(1, source, "e", "12345", "voice", "2024-01-01T00:00:00Z", "0"))
                .hasValueSatisfying(cdr -> assertThat(cdr.source()).isEqualTo("default"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2000-01-01T00:00:00Z", "2024-06-02T12:00:00Z", "2024-01-01T00:00Z",
            "2024-01-01T00:00:00.5+14:00", "2024-02-29T23:59:59.999999-18:00", "2024-01-01T00:00:00.1234560Z"})
    void takesEveryInstantThatTheTableCanHold(String start) {
        assertThat(parser.parse(1, "s", "e", "12345", "voice", start, "0")).hasValueSatisfying(
                cdr -> assertThat(cdr.startMicros()).isEqualTo(
                        OffsetDateTime.parse(start).toInstant().getEpochSecond() * 1_000_000
                                + OffsetDateTime.parse(start).getNano() / 1_000));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2024-01-01", "2024-01-01T00:00:00", "2024-01-01 00:00:00Z", "2023-02-29T00:00:00Z",
            "2024-01-01T24:00:00Z", "2024-01-01T23:59:60Z", "2024-01-01T00:00:00+1", "1704067200",
            "2024-01-01T00:00:00.1234567Z", "2024-01-01T00:00:00Z ", "2024-01-01T00:00:00[UTC]",
            "0000-00-00T00:00:00Z"})
    void rejectsWhatIsNoInstant(String start) {
        assertRejected(START_TIME, "s", "e", "12345", "voice", start, "0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1999-12-31T23:59:59.999999Z", "2024-06-02T12:00:00.000001Z", "+999999999-12-31T23:59:59Z",
            "-999999999-01-01T00:00:00Z", "1970-01-01T00:00:00Z"})
    void rejectsAnInstantThatCannotBeOfACall(String start) {
        assertRejected("start_time must lie between 2000-01-01T00:00:00Z and tomorrow", "s", "e", "12345", "voice",
                start, "0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "+1", "1.0", "1e3", "604801", "99999999999999999999", " 1", "0x1", "١"})
    void rejectsADurationThatIsNoWholeNumberInBounds(String duration) {
        assertRejected(DURATION, "s", "e", "12345", "voice", "2024-01-01T00:00:00Z", duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1234", "1234567890123456", "12 345", "+", "++12345", "12345+", "１２３４５", "0x1234"})
    void rejectsWhatIsNoMsisdn(String msisdn) {
        assertRejected("msisdn must have 5 to 15 digits", "s", "e", msisdn, "voice", "2024-01-01T00:00:00Z", "0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "VOICE", "Video", "sms", "voice "})
    void rejectsOtherCallTypes(String type) {
        assertRejected("call_type must be voice or video", "s", "e", "12345", type, "2024-01-01T00:00:00Z", "0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0000", "a\tb", "a\nb", "\u007f", "\ud800", "\udc00", "\ud800\ud800", "\ufffd"})
    void rejectsNamesThatTheTableCannotHoldAsTheyAre(String name) {
        assertRejected(EVENT_ID, "s", name, "12345", "voice", "2024-01-01T00:00:00Z", "0");
        assertRejected(SOURCE, name, "e", "12345", "voice", "2024-01-01T00:00:00Z", "0");
    }

    @Test
    void countsCharactersAsTheTableDoes() {
        String smile = "\ud83d\ude00";

        assertThat(parser.parse(1, smile.repeat(32), smile.repeat(64), "12345", "voice", "2024-01-01T00:00:00Z", "0"))
                .isPresent();
        assertRejected(EVENT_ID, "s", smile.repeat(65), "12345", "voice", "2024-01-01T00:00:00Z", "0");
        assertRejected(SOURCE, smile.repeat(33), "e", "12345", "voice", "2024-01-01T00:00:00Z", "0");
    }

    @Test
    void rejectsWhatIsMissing() {
        assertThat(parser.parse(1, "s", null, "12345", "voice", "2024-01-01T00:00:00Z", "0")).isEmpty();
        assertThat(parser.reason()).isEqualTo(EVENT_ID);
        assertThat(parser.parse(1, "s", "e", "12345", "voice", null, "0")).isEmpty();
        assertThat(parser.reason()).isEqualTo(START_TIME);
        assertThat(parser.parse(1, "s", "e", "12345", "voice", "2024-01-01T00:00:00Z", null)).isEmpty();
        assertThat(parser.reason()).isEqualTo(DURATION);
    }

    private void assertRejected(String reason, String source, String eventId, String msisdn, String type, String start,
            String duration) {
        assertThat(parser.parse(1, source, eventId, msisdn, type, start, duration)).isEmpty();
        assertThat(parser.reason()).isEqualTo(reason);
    }
}
