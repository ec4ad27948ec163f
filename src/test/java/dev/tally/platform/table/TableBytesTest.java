package dev.tally.platform.table;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.security.TestSecurity;
import io.restassured.response.Response;

/** Whole answers, which are to be the bytes that would have been streamed; and answers that nobody may keep. */
@QuarkusTest
@TestSecurity(user = "viewer", roles = "viewer")
class TableBytesTest {
    private static final String STREAMED = "/whole-tables-for-tests/streamed";
    private static final String WHOLE = "/whole-tables-for-tests/whole";
    private static final int ENOUGH = 100_000_000;

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "text/csv", TableFormat.XLSX, "*/*",
            "text/csv;q=0.5, application/json;q=0.1", "application/json;q=0.1, " + TableFormat.XLSX,
            "image/png, text/csv"})
    void areTheBytesThatWouldBeStreamed(String accept) {
        for (int rows : new int[]{0, 1, 30_000}) {
            Response streamed = given().header("Accept", accept).get(STREAMED + "?rows=" + rows);
            Response whole = given().header("Accept", accept).get(WHOLE + "?max_bytes=" + ENOUGH + "&rows=" + rows);

            assertThat(whole.statusCode()).isEqualTo(200);
            assertThat(whole.asByteArray()).isEqualTo(streamed.asByteArray());
            assertThat(whole.header("X-Rows")).isEqualTo(String.valueOf(rows));
            for (String header : new String[]{"Content-Type", "Content-Disposition", "Link"}) {
                assertThat(whole.header(header)).isEqualTo(streamed.header(header));
            }
        }
    }

    @Test
    void honourTheParameters() {
        String csv = given().get(WHOLE + "?rows=1&format=csv&max_bytes=" + ENOUGH).asString();
        String raw = given().get(WHOLE + "?rows=1&format=csv&raw=true&max_bytes=" + ENOUGH).asString();

        assertThat(csv).isEqualTo("n,t\r\n0,'=row 0\r\n");
        assertThat(raw).isEqualTo("n,t\r\n0,=row 0\r\n");
    }

    @Test
    void areRefusedBeyondTheirBound() {
        for (int rows : new int[]{1, 30_000}) {
            int size = given().get(STREAMED + "?rows=" + rows).asByteArray().length;

            given().get(WHOLE + "?rows=" + rows + "&max_bytes=" + size).then().statusCode(200);
            given().get(WHOLE + "?rows=" + rows + "&max_bytes=" + (size - 1)).then().statusCode(422)
                    .body("code", is("ANSWER_TOO_LARGE"));
        }
    }

    @Test
    void areJsonForWhoDoesNotSay() {
        String streamed = given().header("Accept", "*/*").get(STREAMED + "?rows=2").asString();

        assertThat(given().get(WHOLE + "?rows=2&max_bytes=" + ENOUGH).asString()).isEqualTo(streamed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"image/png", "text/*"})
    void areRefusedInAFormatThatThereIsNot(String accept) {
        given().accept(accept).get(STREAMED + "?rows=1").then().statusCode(406);
        given().accept(accept).get(WHOLE + "?rows=1&max_bytes=" + ENOUGH).then().statusCode(406)
                .body("code", is("NOT_ACCEPTABLE"));
    }

    @Test
    void mayNotBeKeptWhenTheTableSaysSo() {
        given().get(STREAMED + "?rows=2").then().statusCode(200).header("Cache-Control", "no-store")
                .header("ETag", nullValue()).header("Link", "</next>");
        given().header("If-None-Match", "*").get(STREAMED + "?rows=2").then().statusCode(200);
        given().head(STREAMED + "?rows=2").then().statusCode(200).header("Cache-Control", "no-store")
                .header("ETag", nullValue());
    }
}
