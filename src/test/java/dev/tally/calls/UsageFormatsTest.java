package dev.tally.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.LocalDate;
import java.util.List;

import org.dhatim.fastexcel.reader.ReadableWorkbook;
import org.dhatim.fastexcel.reader.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.tally.testsupport.UsersForTests;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;

/** The same days in every format, and what HTTP adds to them. */
@QuarkusTest
class UsageFormatsTest {
    private static final String DAYS = "/api/usage/60601?start_date=2024-01-01&end_date=2024-01-31";

    @BeforeEach
    void load() {
        UsersForTests.as("operator").contentType("text/csv; charset=UTF-8")
                .body("""
                      event_id,msisdn,call_type,start_time,duration_seconds
                      formats-1,60601,voice,2024-01-01T10:00:00Z,100
                      formats-2,60601,video,2024-01-01T11:00:00Z,201
                      formats-3,60601,voice,2024-01-09T23:59:59Z,7
                      """).post("/api/usage/cdrs").then().statusCode(200);
    }

    @Test
    void areTheSameInJsonAndCsv() {
        ask(DAYS).then().statusCode(200).contentType("application/json")
                .body("data[0].total_duration_seconds", is(301), "data[1].date", is("2024-01-09"), "count", is(2));
        String csv = ask(DAYS + "&format=csv").then().statusCode(200).contentType(startsWith("text/csv")).extract()
                .asString();

        assertThat(csv.lines().skip(1)).containsExactly("2024-01-01,2,1,1,301,100,201,150.5,100,201",
                "2024-01-09,1,1,0,7,7,0,7.0,7,7");
    }

    @Test
    void areTheSameInExcel() throws IOException {
        byte[] workbook = ask(DAYS + "&format=xlsx").then().statusCode(200)
                .header("Content-Disposition", is("attachment; filename=\"usage-60601.xlsx\"")).extract().asByteArray();

        try (ReadableWorkbook reader = new ReadableWorkbook(new ByteArrayInputStream(workbook))) {
            List<Row> rows = reader.getFirstSheet().read();
            assertThat(rows).hasSize(3);
            assertThat(rows.getFirst().getCellText(0)).isEqualTo("date");
            assertThat(rows.get(1).getCellAsDate(0).orElseThrow().toLocalDate()).isEqualTo(LocalDate.of(2024, 1, 1));
            assertThat(rows.get(1).getCellAsNumber(4).orElseThrow()).isEqualByComparingTo("301");
            assertThat(rows.get(1).getCellAsNumber(7).orElseThrow()).isEqualByComparingTo("150.5");
            assertThat(rows.get(2).getCellAsNumber(9).orElseThrow()).isEqualByComparingTo("7");
        }
    }

    @Test
    void areNotSentTwice() {
        String tag = ask(DAYS).header("ETag");

        UsersForTests.as("viewer").header("If-None-Match", tag).get(DAYS).then().statusCode(304);
        UsersForTests.as("viewer").head(DAYS).then().statusCode(200).header("ETag", tag);
    }

    private static Response ask(String path) {
        return UsersForTests.as("viewer").get(path);
    }
}
