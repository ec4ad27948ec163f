package dev.tally.reports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Set;
import java.util.TreeSet;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.tally.reports.GcoreJson.UnreadableException;

class GcoreJsonTest {
    private static final String REPORT = """
                                         {"uuid":"a2b3c4d5-0000-4000-8000-000000000000","status":"Pending","created_at":"2026-08-01T02:00:00+02:00",
                                          "new":{"field":[1]}%s}""";

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void readsAReportAndIgnoresWhatItDoesNotKnow() {
        GcoreReport report = GcoreJson.report(json(REPORT.formatted(
                """
                ,"parameters":{"date_from":"2025-01-01","date_to":"2025-02-01","features":[12,11],"group_by":["client"]},
                 "processing_notes":{"records_to_process":7,"errors":null,"warnings":["x"]}""")));

        assertThat(report.createdAt()).isEqualTo(Instant.parse("2026-08-01T00:00:00Z"));
        assertThat(report.parameters()).contains(new ReportParameters(LocalDate.of(2025, 1, 1),
                LocalDate.of(2025, 2, 1), new TreeSet<>(Set.of(11, 12))));
        assertThat(report.recordsToProcess()).contains(7L);
        assertThat(report.errors()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "", ",\"parameters\":null", ",\"parameters\":{}",
            ",\"parameters\":{\"date_from\":\"2025-02-01\",\"date_to\":\"2025-01-01\",\"features\":[1]}",
            ",\"parameters\":{\"date_from\":\"2025-01-01\",\"date_to\":\"2025-02-01\",\"features\":[\"CDN\"]}",
            ",\"parameters\":{\"date_from\":\"yesterday\",\"date_to\":\"2025-01-01\",\"features\":[1]}"})
    void readsReportsOfOthers(String parameters) {
        assertThat(GcoreJson.report(json(REPORT.formatted(parameters))).parameters()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"\"one\"|one", "[\"one\"]|one", "{\"code\":1}|{\"code\":1}"})
    void readsErrorsOfAnyShape(String errors, String text) {
        assertThat(GcoreJson.report(json(REPORT.formatted(",\"processing_notes\":{\"errors\":" + errors + "}")))
                .errors()).containsExactly(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[]", "{}", "\"report\"",
            "{\"uuid\":\"1\",\"status\":\"Pending\",\"created_at\":\"2026-08-01T00:00:00Z\"}",
            "{\"uuid\":\"a2b3c4d5-0000-4000-8000-000000000000\",\"created_at\":\"2026-08-01T00:00:00Z\"}",
            "{\"uuid\":\"a2b3c4d5-0000-4000-8000-000000000000\",\"status\":\"Pending\",\"created_at\":\"now\"}"})
    void refusesWhatIsNoReport(String text) {
        assertThatThrownBy(() -> GcoreJson.report(json(text))).isInstanceOf(UnreadableException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "{}", "{\"results\":null}", "\"list\""})
    void refusesWhatIsNoList(String text) {
        assertThatThrownBy(() -> GcoreJson.page(json(text))).isInstanceOf(UnreadableException.class);
    }

    @Test
    void refusesALogInWithoutTokens() {
        assertThatThrownBy(() -> GcoreJson.tokens(json("{\"access\":\"secret\"}")))
                .isInstanceOf(UnreadableException.class).message().doesNotContain("secret");
    }
}
