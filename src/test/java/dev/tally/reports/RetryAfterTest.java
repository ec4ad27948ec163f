package dev.tally.reports;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
    private static final Instant NOW = Instant.parse("2026-08-01T12:00:00Z");

    @ParameterizedTest
    @CsvSource({
            "0, PT0S",
            "' 120 ', PT2M",
            "86401, PT24H",
            "99999999999999999999, PT24H",
            "'Sat, 01 Aug 2026 12:00:30 GMT', PT30S",
            "'Sat, 01 Aug 2026 11:59:30 GMT', PT0S",
            "'Mon, 01 Feb 2027 12:00:00 GMT', PT24H"})
    void takesSecondsAndDatesUpToADay(String header, Duration wait) {
        assertThat(RetryAfter.of(header, NOW)).contains(wait);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-1", "1.5", "2026-08-01"})
    void takesNothingElse(String header) {
        assertThat(RetryAfter.of(header, NOW)).isEmpty();
    }
}
