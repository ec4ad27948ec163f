package dev.tally.platform.table;

import static io.restassured.RestAssured.config;
import static io.restassured.RestAssured.given;
import static io.restassured.config.DecoderConfig.decoderConfig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

import jakarta.inject.Inject;

import org.dhatim.fastexcel.reader.ReadableWorkbook;
import org.dhatim.fastexcel.reader.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.security.TestSecurity;
import io.restassured.response.Response;

/** Whole answers, as a client sees them. */
@QuarkusTest
@TestSecurity(user = "viewer", roles = "viewer")
class TableAnswersTest {
    private static final String SMALL = "/tables-for-tests/small";
    private static final String JSON_OF_SMALL = "{\"zone\":\"UTC\",\"as_of\":\"2024-02-01T00:00:03Z\","
            + "\"data\":[{\"n\":1,\"t\":\"=1+1\"},{\"n\":2,\"t\":\"ñ\"}],\"count\":2}";

    private final TestData data;

    @Inject
    TableAnswersTest(TestData data) {
        this.data = data;
    }

    @BeforeEach
    void resetData() {
        data.asOf.set(TestData.AS_OF);
    }

    @Test
    void answersJsonByDefault() {
        Response answer = given().config(config().decoderConfig(decoderConfig().noContentDecoders())).get(SMALL);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(new String(answer.asByteArray(), StandardCharsets.UTF_8)).isEqualTo(JSON_OF_SMALL);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.header("Content-Length")).isEqualTo(String.valueOf(answer.asByteArray().length));
        assertThat(answer.header("Content-Disposition")).isNull();
        assertThat(answer.header("Cache-Control")).isEqualTo("private, no-cache");
        assertThat(answer.headers().getValues("Vary")).contains("Accept, Accept-Encoding");
        assertThat(answer.header("ETag")).matches("\"[A-Za-z0-9_-]{22}\"");
    }

    @Test
    void answersCsvWithFormulasDefused() {
        Response answer = given().accept(TableFormat.CSV).get(SMALL);

        assertThat(new String(answer.asByteArray(), StandardCharsets.UTF_8)).isEqualTo("n,t\r\n1,'=1+1\r\n2,ñ\r\n");
        assertThat(answer.header("Content-Type")).isEqualTo("text/csv; charset=utf-8; header=present");
        assertThat(answer.header("Content-Disposition")).isEqualTo("attachment; filename=\"small.csv\"");
    }

    @Test
    void answersRawCsvWhenAsked() {
        String answer = given().accept(TableFormat.CSV).get(SMALL + "?raw=true").asString();

        assertThat(answer).contains("1,=1+1\r\n");
    }

    @Test
    void answersXlsx() throws IOException {
        Response answer = given().accept(TableFormat.XLSX).get(SMALL);

        assertThat(answer.header("Content-Type")).isEqualTo(TableFormat.XLSX);
        assertThat(answer.header("Content-Disposition")).isEqualTo("attachment; filename=\"small.xlsx\"");
        try (ReadableWorkbook workbook = new ReadableWorkbook(new ByteArrayInputStream(answer.asByteArray()))) {
            List<Row> rows = workbook.getFirstSheet().read();
            assertThat(rows).hasSize(3);
            assertThat(rows.get(1).getCellText(1)).isEqualTo("=1+1");
            assertThat(rows.get(1).getCell(1).getFormula()).isNull();
        }
    }

    @Test
    void streamsWhatDoesNotFitABuffer() {
        Response answer = given().get("/tables-for-tests/many?rows=100000");

        assertThat(answer.header("Content-Length")).isNull();
        assertThat(answer.header("Transfer-Encoding")).isEqualTo("chunked");
        assertThat(answer.jsonPath().getInt("count")).isEqualTo(100_000);
        assertThat(answer.jsonPath().getList("data.n", Integer.class)).hasSize(100_000).startsWith(0, 1)
                .endsWith(99_999);
    }

    @Test
    void writesTheSameXlsxHoweverManyChunksItTakes() throws IOException {
        byte[] answer = given().accept(TableFormat.XLSX).get("/tables-for-tests/many?rows=30000").asByteArray();

        assertThat(answer.length).isGreaterThan(3 * 65_536);
        try (ReadableWorkbook workbook = new ReadableWorkbook(new ByteArrayInputStream(answer))) {
            List<Row> rows = workbook.getFirstSheet().read();
            assertThat(rows).hasSize(30_001);
            assertThat(rows.getLast().getCellText(1)).isEqualTo("row 29999");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s", "W/%s", "\"other\", %s", "\"other\",W/%s , \"more\"", "*"})
    void answersNotModifiedWithoutReadingARow(String ifNoneMatch) {
        String tag = given().get(SMALL).header("ETag");
        int rowsRead = data.rowsRead.get();

        Response answer = given().header("If-None-Match", ifNoneMatch.replace("%s", tag)).get(SMALL);

        assertThat(answer.statusCode()).isEqualTo(304);
        assertThat(answer.asByteArray()).isEmpty();
        assertThat(answer.header("ETag")).isEqualTo(tag);
        assertThat(answer.header("Cache-Control")).isEqualTo("private, no-cache");
        assertThat(answer.headers().getValues("Vary")).contains("Accept, Accept-Encoding");
        assertThat(answer.header("Content-Type")).isNull();
        assertThat(data.rowsRead.get()).isEqualTo(rowsRead);
    }

    @Test
    void answersAnewWhenTheTagIsAnother() {
        given().header("If-None-Match", "\"other\"").get(SMALL).then().statusCode(200);
    }

    @Test
    void answersAnewWhenTheDataHasChanged() {
        String tag = given().get(SMALL).header("ETag");
        data.asOf.set(null);

        Response answer = given().header("If-None-Match", tag).get(SMALL);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.header("ETag")).isNotEqualTo(tag);
        assertThat(answer.asString()).contains("\"as_of\":null,");
    }

    @Test
    void givesEveryAnswerItsOwnTag() {
        List<String> tags = List.of(
                given().get(SMALL).header("ETag"),
                given().get(SMALL + "?a=1").header("ETag"),
                given().get(SMALL + "?a=1&a=2").header("ETag"),
                given().get(SMALL + "?a=2&a=1").header("ETag"),
                given().get("/tables-for-tests/many?rows=1").header("ETag"),
                given().accept(TableFormat.CSV).get(SMALL).header("ETag"),
                given().accept(TableFormat.CSV).get(SMALL + "?raw=true").header("ETag"),
                given().header("Accept-Encoding", "br").get(SMALL).header("ETag"),
                given().accept(TableFormat.XLSX).get(SMALL).header("ETag"));

        assertThat(tags).doesNotHaveDuplicates();
        assertThat(tags).allMatch(tag -> tag.matches("\"[A-Za-z0-9_-]{22}\""));
    }

    @Test
    void givesTheSameAnswerTheSameTagHoweverItIsAskedFor() {
        String tag = given().get(SMALL + "?a=1&b=2").header("ETag");

        given().get(SMALL + "?b=2&a=1").then().header("ETag", tag);
        given().get(SMALL + "?format=json&b=2&a=1").then().header("ETag", tag);
        given().head(SMALL + "?a=1&b=2").then().header("ETag", tag);
    }

    @Test
    void answersHeadWithoutReadingARow() {
        String tag = given().get(SMALL).header("ETag");
        int rowsRead = data.rowsRead.get();

        Response answer = given().accept(TableFormat.CSV).head(SMALL);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("text/csv; charset=utf-8; header=present");
        assertThat(answer.header("Content-Disposition")).isEqualTo("attachment; filename=\"small.csv\"");
        given().header("If-None-Match", tag).head(SMALL).then().statusCode(304).header("ETag", tag);
        assertThat(data.rowsRead.get()).isEqualTo(rowsRead);
    }

    @Test
    void hasItsOwnHeadersWhateverIsSent() {
        String tag = given().get("/tables-for-tests/headed").then().statusCode(200).header("X-Rows-Read", "2")
                .extract().header("ETag");

        given().head("/tables-for-tests/headed").then().statusCode(200).header("X-Rows-Read", "2");
        given().header("If-None-Match", tag).get("/tables-for-tests/headed").then().statusCode(304)
                .header("X-Rows-Read", "2");
    }

    @Test
    void givesAnotherTagWhenWhatStandsBehindTheRowsIsAnother() {
        String tag = given().get("/tables-for-tests/headed").header("ETag");
        data.behind.incrementAndGet();

        given().header("If-None-Match", tag).get("/tables-for-tests/headed").then().statusCode(200)
                .body("behind", is(data.behind.get()));
    }

    @Test
    void givesNoTagToWhatDependsOnABody() {
        given().post(SMALL).then().statusCode(200).header("ETag", nullValue()).body("count", is(2));
        given().header("If-None-Match", "*").post(SMALL).then().statusCode(200);
    }

    @Test
    void answersTheSameXlsxUnderTheSameTag() {
        Response first = given().accept(TableFormat.XLSX).get(SMALL);
        Response second = given().accept(TableFormat.XLSX).get(SMALL);

        assertThat(second.header("ETag")).isEqualTo(first.header("ETag"));
        assertThat(second.asByteArray()).isEqualTo(first.asByteArray());
    }

    @Test
    void answersAFaultBeforeTheFirstByteLikeAnyOther() {
        given().accept(TableFormat.CSV).get("/tables-for-tests/broken?rows=10").then()
                .statusCode(500)
                .header("Content-Disposition", nullValue())
                .header("ETag", nullValue())
                .header("Content-Type", not(startsWith("text/csv")))
                .body(not(equalTo("")));
    }

    @Test
    void answersNotAcceptableToAnotherFormat() {
        given().accept("image/png").get(SMALL).then().statusCode(406);
    }
}
