package dev.tally.analytics;

import static dev.tally.testsupport.UsersForTests.as;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;

import org.dhatim.fastexcel.reader.ReadableWorkbook;
import org.dhatim.fastexcel.reader.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tally.local.BucketStore;
import dev.tally.local.SampleFiles;
import dev.tally.platform.table.TableFormat;
import dev.tally.testsupport.NeedsClickHouse;
import dev.tally.testsupport.S3ForTests;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;

/** The samples are in a real S3 server, which the application looks at once a second. */
@QuarkusTest
class AnalyticsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final BucketStore bucket = S3ForTests.samples();

    @Test
    void countsClaimsByTheirState() {
        Response answer = as("viewer").get("/claims/stats");

        answer.then().statusCode(200).header("X-Rows-Read", "302").header("X-Rows-Rejected", "2");
        assertThat(answer.asString())
                .isEqualTo("{\"aprobado\":150,\"pendiente\":75,\"en_revision\":50,\"rechazado\":25}");
    }

    @Test
    void takesTheMeanOfPayments() {
        Response answer = as("viewer").get("/payments/avg");

        answer.then().statusCode(200).header("X-Rows-Read", "245").header("X-Rows-Rejected", "5");
        assertThat(answer.asString()).isEqualTo("{\"avg_monto\":1250.75}");
    }

    @Test
    void namesTheServicesThatAreUsedMost() {
        assertThat(as("viewer").get("/audits/top-services").asString())
                .isEqualTo("{\"payment_service\":342,\"user_authentication\":298,\"claims_api\":187,"
                        + "\"notification_hub\":143,\"report_generator\":143}");
        assertThat(as("viewer").get("/audits/top-services?limit=1").asString())
                .isEqualTo("{\"payment_service\":342}");
        assertThat(as("viewer").get("/audits/top-services?limit=100").jsonPath().getMap("")).hasSize(9)
                .containsEntry("señalización", 34);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/audits/top-services?limit=0", "/audits/top-services?limit=101",
            "/audits/top-services?limit=x", "/analytics/claims-stats?limit=3",
            "/analytics/audits-top-services?limit=0"})
    void refusesALimitThatIsNone(String path) {
        as("viewer").get(path).then().statusCode(400);
    }

    @Test
    void listsTheCatalogue() {
        Response answer = as("viewer").get("/analytics");

        answer.then().statusCode(200)
                .body("data.metric", hasItems("claims-stats", "payments-avg", "audits-top-services", "sales-by-shop"))
                .body("data[0].metric", equalTo("claims-stats")).body("data[0].dataset", equalTo("claims"))
                .body("data[0].measure", equalTo("count")).body("data[0].group_by", equalTo("estado"))
                .body("data[0].top", nullValue()).body("data[0].engine", equalTo("embedded"))
                .body("data[0].object", equalTo(SampleFiles.CLAIMS)).body("data[0].path", equalTo("/claims/stats"))
                .body("data[2].top", equalTo(5))
                .body("data.find { it.metric == 'sales-by-shop' }.path", equalTo("/analytics/sales-by-shop"));
        assertThat(answer.jsonPath().getList("data")).hasSize(answer.jsonPath().getInt("count"));
    }

    @Test
    void saysWhatWasReadAndWhatWasLeftOut() {
        as("viewer").get("/analytics/claims-stats").then().statusCode(200)
                .header("X-Rows-Read", "302").header("X-Rows-Rejected", "2")
                .body("metric", equalTo("claims-stats")).body("count", is(4))
                .body("data[0].estado", equalTo("aprobado")).body("data[0].count", is(150))
                .body("rows_read", is(302)).body("rows_rejected", is(2)).body("rejects", hasSize(2))
                .body("rejects[0].reason", equalTo("has 4 fields where the header has 5"))
                .body("rejects[1].reason", equalTo("has 6 fields where the header has 5"))
                .body("object.key", equalTo(SampleFiles.CLAIMS)).body("object.etag", containsString("\""))
                .body("object.size_bytes", is(bucketSize())).body("object.parts", nullValue())
                .body("as_of", containsString("T")).body("rejects[0].line", not(is(0)));
    }

    private int bucketSize() {
        return Objects.requireNonNull(SampleFiles.all().get(SampleFiles.CLAIMS)).length;
    }

    @Test
    void saysHowManyPartsAPrefixHas() {
        as("viewer").get("/analytics/audits-top-services").then().statusCode(200).body("object.parts", is(4))
                .body("object.key", equalTo(SampleFiles.AUDITS)).body("count", is(5));
    }

    @Test
    void answersMetricsThatTheConfigurationAdds() {
        bucket.put("tests/sales/1.csv", text("tienda;fecha;monto\nNorte;2025-01-31;1,50\nSur;2025-02-01;0,25\n"));
        bucket.put("tests/sales/2.csv", text("monto;tienda;fecha\n2;Norte;2025-03-01\nnada;Sur;2025-03-02\n"));

        awaitFigures("/analytics/sales-by-shop", "{\"tienda\":\"Norte\",\"sum_monto\":3.5}");

        assertThat(as("viewer").get("/analytics/sales-by-shop").jsonPath().getString("rejects"))
                .isEqualTo("[[key:tests/sales/2.csv, line:3, reason:monto is no amount: nada]]");
        assertThat(data("/analytics/sales-mean")).isEqualTo("[{\"avg_monto\":1.25}]");
        assertThat(data("/analytics/sales-shops")).isEqualTo("[{\"distinct_tienda\":2}]");
        assertThat(data("/analytics/sales-since-march"))
                .isEqualTo("[{\"tienda\":\"Norte\",\"count\":1},{\"tienda\":\"Sur\",\"count\":1}]");
    }

    /** What stands in {@code data}, as it is written. */
    private static String data(String path) {
        String body = as("viewer").get(path).then().statusCode(200).extract().asString();
        return body.substring(body.indexOf("\"data\":") + 7, body.indexOf("],") + 1);
    }

    private static void awaitFigures(String path, String expected) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(as("viewer").get(path).asString()).contains(expected));
    }

    @Test
    void answersAsCsvAndAsWorkbook() throws IOException {
        Response csv = as("viewer").get("/claims/stats?format=csv");
        Response workbook = as("viewer").get("/analytics/claims-stats?format=xlsx");

        assertThat(csv.asString())
                .isEqualTo("estado,count\r\naprobado,150\r\npendiente,75\r\nen_revision,50\r\nrechazado,25\r\n");
        assertThat(workbook.contentType()).startsWith(TableFormat.XLSX);
        try (ReadableWorkbook opened = new ReadableWorkbook(new ByteArrayInputStream(workbook.asByteArray()))) {
            List<Row> rows = opened.getFirstSheet().read();
            assertThat(rows).hasSize(5);
            assertThat(rows.get(1).getCellText(0)).isEqualTo("aprobado");
            assertThat(rows.get(1).getCellAsNumber(1)).hasValueSatisfying(count -> assertThat(count).isEqualTo("150"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/claims/stats", "/payments/avg", "/audits/top-services", "/analytics",
            "/analytics/claims-stats"})
    void neverSendsWhatTheClientHas(String path) {
        String tag = as("viewer").get(path).then().statusCode(200).extract().header("ETag");

        as("viewer").header("If-None-Match", tag).get(path).then().statusCode(304).header("ETag", tag);
    }

    @Test
    void readsAnObjectAgainWhenItHasChanged() {
        bucket.put("tests/changing.csv", text("estado\nuno\n"));
        awaitFigures("/analytics/changing", "\"uno\",\"count\":1");
        String before = as("viewer").get("/analytics/changing").header("ETag");

        bucket.put("tests/changing.csv", text("estado\nuno\nuno\n"));

        awaitFigures("/analytics/changing", "\"uno\",\"count\":2");
        as("viewer").header("If-None-Match", before).get("/analytics/changing").then().statusCode(200)
                .header("ETag", not(equalTo(before)));
    }

    @ParameterizedTest
    @CsvSource({"/analytics/nothing,404,METRIC_NOT_FOUND,GET /analytics",
            "/analytics/of-no-object,404,DATASET_NOT_FOUND,no-object",
            "/analytics/of-no-bucket,404,DATASET_NOT_FOUND,no-bucket",
            "/analytics/of-no-column,422,COLUMN_MISSING,id_reclamo"})
    void saysWhatIsMissing(String path, int status, String code, String detail) {
        as("viewer").get(path).then().statusCode(status).body("code", equalTo(code))
                .body("detail", containsString(detail)).body("detail", not(containsString("AWS")))
                .body("detail", not(containsString("Amazon")));
    }

    @Test
    void isForThoseWhoAreLoggedIn() {
        for (String path : List.of("/claims/stats", "/payments/avg", "/audits/top-services", "/analytics",
                "/analytics/claims-stats")) {
            given().get(path).then().statusCode(401);
        }
    }

    @NeedsClickHouse
    @ParameterizedTest
    @CsvSource({"claims-stats,claims-by-clickhouse", "payments-avg,payments-by-clickhouse",
            "audits-top-services,audits-by-clickhouse"})
    void givesTheSameByClickHouse(String metric, String byClickHouse) {
        as("viewer").get("/analytics").then().body("data.findAll { it.engine == 'clickhouse' }.metric",
                hasItem(byClickHouse));

        Response own = as("viewer").get("/analytics/" + metric);
        Response other = as("viewer").get("/analytics/" + byClickHouse);

        assertThat(other.statusCode()).isEqualTo(200);
        for (String member : List.of("data", "count", "rows_read", "rows_rejected", "rejects")) {
            assertThat(other.jsonPath().getString(member)).as(member).isEqualTo(own.jsonPath().getString(member));
        }
    }

    @NeedsClickHouse
    @ParameterizedTest
    @ValueSource(strings = {"/analytics/of-broken", "/analytics/of-broken-by-clickhouse"})
    void saysThatACompressedObjectIsBroken(String path) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(text("g,m\n" + "a,1\nb,2\n".repeat(100_000)));
        }
        bucket.put("tests/broken.csv.gz", Arrays.copyOf(packed.toByteArray(), packed.size() / 2));

        as("viewer").get(path).then().statusCode(422).body("code", equalTo("CSV_UNREADABLE"))
                .body("detail", containsString("tests/broken.csv.gz"));
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
