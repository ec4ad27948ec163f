package dev.tally.platform.table;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;

import jakarta.inject.Inject;

import org.apache.poi.xssf.usermodel.XSSFWorkbook;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.security.TestSecurity;
import io.restassured.response.Response;

/** Tables with headers of their endpoint, in the envelope of a predecessor, and with a size that was said before. */
@QuarkusTest
@TestSecurity(user = "viewer", roles = "viewer")
class TableResponsesTest {
    private static final String RESPONSE = "/tables-for-tests/response";
    private static final String REPORT = "/reports/tables-for-tests";

    private final TableDigest digest;
    private final TablesForTests tables;
    private final TestData data;

    @Inject
    TableResponsesTest(TableDigest digest, TablesForTests tables, TestData data) {
        this.digest = digest;
        this.tables = tables;
        this.data = data;
    }

    @BeforeEach
    void resetData() {
        data.asOf.set(TestData.AS_OF);
    }

    @ParameterizedTest
    @CsvSource({"GET, application/json", "GET, text/csv", "GET, " + TableFormat.XLSX, "POST, application/json",
            "POST, text/csv", "POST, " + TableFormat.XLSX})
    void haveTheHeadersOfTheirEndpointToo(String method, String accept) {
        Response plain = given().accept(accept).request(method, "/tables-for-tests/small");

        Response answer = given().accept(accept).request(method, RESPONSE);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.header("Location")).isEqualTo("/jobs/7");
        assertThat(answer.header("Preference-Applied")).isEqualTo("wait=3");
        assertThat(answer.header("Content-Type")).isEqualTo(plain.header("Content-Type"));
        assertThat(answer.header("Content-Disposition")).isEqualTo(plain.header("Content-Disposition"));
        assertThat(answer.header("Cache-Control")).isEqualTo("private, no-cache");
        assertThat(answer.header("ETag") == null).isEqualTo(method.equals("POST"));
        assertThat(answer.asByteArray()).isEqualTo(plain.asByteArray());
    }

    @Test
    void areRevalidatedInAResponseToo() {
        String tag = given().get(RESPONSE).header("ETag");

        given().header("If-None-Match", tag).get(RESPONSE).then().statusCode(304).header("ETag", tag);
    }

    @ParameterizedTest
    @CsvSource({"GET, application/json", "POST, application/json", "POST, text/csv", "POST, " + TableFormat.XLSX,
            "POST, */*"})
    void mayBeARecordInTheirPlace(String method, String accept) {
        Response answer = given().accept(accept).request(method, RESPONSE + "?job=true");

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.header("Location")).isEqualTo("/jobs/7");
        assertThat(answer.header("Retry-After")).isEqualTo("10");
        assertThat(answer.header("Content-Disposition")).isNull();
        assertThat(answer.asString()).isEqualTo("{\"status\":\"pending\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "Application/JSON; charset=utf-8", "text/csv, application/json;q=0.1",
            "*/*, application/json", TableFormat.XLSX + ";q=0, application/json"})
    void areAnEnvelopeWhereAPredecessorGaveOne(String accept) throws IOException {
        Response answer = given().header("Accept", accept).get(REPORT + "?format=excel");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.header("Content-Disposition")).isNull();
        assertThat(answer.jsonPath().getString("data.format")).isEqualTo("excel");
        byte[] workbook = Base64.getDecoder().decode(answer.jsonPath().getString("data.data"));
        try (XSSFWorkbook read = new XSSFWorkbook(new ByteArrayInputStream(workbook))) {
            assertThat(read.getSheetAt(0).getRow(1).getCell(0).getNumericCellValue()).isEqualTo(829449);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"*/*", "application/*", TableFormat.XLSX, "application/json, " + TableFormat.XLSX,
            "application/json;q=0", "application/json; q=0.000, */*", "text/csv"})
    void areAWorkbookWhereTheClientDidNotSayJson(String accept) {
        given().header("Accept", accept).get(REPORT + "?format=excel").then().statusCode(200)
                .contentType(TableFormat.XLSX);
    }

    @Test
    void areAnEnvelopeNowhereElse() {
        given().accept("application/json").get("/tables-for-tests/small?format=excel").then()
                .contentType(TableFormat.XLSX);
        given().accept("application/json").get(REPORT + "?format=xlsx").then().contentType(TableFormat.XLSX);
        given().accept(TableFormat.XLSX).get(REPORT + "?format=json").then().contentType("application/json");
        assertThat(given().accept("application/json").get(REPORT).asString())
                .isEqualTo("{\"data\":[{\"Client ID\":\"829449\"}],\"count\":1}");
    }

    @Test
    void haveAnotherTagAsAnEnvelope() {
        String envelope = given().accept("application/json").get(REPORT + "?format=excel").header("ETag");
        String list = given().accept("application/json").get(REPORT).header("ETag");

        assertThat(envelope).isNotEqualTo(list);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void haveTheDigestThatWasSaidBefore(int seed) throws NoSuchAlgorithmException {
        TableDigest.Digest said = digest.of(tables.random(seed));

        byte[] csv = given().accept("text/csv").get("/tables-for-tests/random?seed=" + seed).asByteArray();

        assertThat(said.sizeBytes()).isEqualTo(csv.length);
        assertThat(said.sha256()).isEqualTo(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(csv)));
        assertThat(said.rows())
                .isEqualTo(given().get("/tables-for-tests/random?seed=" + seed).jsonPath().getLong("count"));
    }
}
