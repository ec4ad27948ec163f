package dev.tally.reports;

import static dev.tally.testsupport.UsersForTests.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import org.dhatim.fastexcel.reader.CellType;
import org.dhatim.fastexcel.reader.ReadableWorkbook;
import org.dhatim.fastexcel.reader.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.tally.platform.table.TableFormat;
import dev.tally.testsupport.GcoreForTests;
import dev.tally.testsupport.GcoreSteering;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;

/** Gcore is the stand-in, whose reports take a moment; it is asked for their state once a second. */
@QuarkusTest
class ReportsTest {
    private static final List<String> COLUMNS = List.of("Client ID", "Company name", "Feature ID", "Feature name",
            "Metric value", "Unit name", "Region");

    private final GcoreSteering gcore = GcoreForTests.steering();

    @BeforeEach
    void reset() {
        gcore.reset();
    }

    private static String completed(Orders order, String product) {
        return order.post(product).then().statusCode(200).body("status", equalTo("completed")).extract().path("uuid");
    }

    private static Response awaitStatus(String location, String status) {
        await().atMost(Duration.ofSeconds(60)).until(
                () -> as("viewer").get(location).path("status").equals(status));
        return as("viewer").get(location);
    }

    @Test
    void answersOnePostWithTheRowsOfOneClient() {
        Orders order = Orders.ofADay();

        String uuid = order.post("cloud").then().statusCode(200).contentType("application/json")
                .header("Content-Location", startsWith("/reports/gcore/")).header("Preference-Applied", nullValue())
                .body("status", equalTo("completed")).body("count", equalTo(4)).body("product", equalTo("cloud"))
                .body("gcore_user_id", equalTo("829449")).body("start_date", equalTo(order.startDate()))
                .body("progress", equalTo(1)).body("error", nullValue())
                .body("data.'Client ID'", contains("829449", "829449", "829449", "829449"))
                .body("data.'Feature ID'", contains("11", "12", "2362", "2363"))
                .body("data[2].'Company name'", equalTo("SDG Test 2"))
                .body("data[2].'Feature name'", equalTo("Block Storage (Standard) - Gb"))
                .body("data[2].'Metric value'", equalTo("0.4965")).body("data[2].'Unit name'", equalTo("GBM"))
                .body("parts", hasSize(1)).body("parts[0].gcore_status", equalTo("Completed"))
                .body("parts[0].gcore_uuid", notNullValue()).extract().path("uuid");

        as("viewer").get("/reports/gcore/" + uuid).then().statusCode(200).header("ETag", notNullValue())
                .body("count", equalTo(4)).body("data", hasSize(4)).body("uuid", equalTo(uuid));
    }

    @Test
    void asksGcoreForTheFeaturesOfTheProductAndTheDayAfterTheLast() {
        String uuid = completed(Orders.ofADay().with("start_date", "2024-02-28").with("end_date", "2024-02-29"),
                "waap");

        UUID atGcore = UUID.fromString(as("viewer").get("/reports/gcore/" + uuid).path("parts[0].gcore_uuid"));
        String parameters = gcore.report(atGcore).orElseThrow().path("parameters").toString();
        assertThat(parameters).contains("\"date_from\":\"2024-02-28\"", "\"date_to\":\"2024-03-01\"",
                "\"features\":[501,502]", "\"group_by\":[\"client\"]");
    }

    @Test
    void givesTheSameRowsAsCsvAndAsARealWorkbook() throws Exception {
        String uuid = completed(Orders.ofADay(), "cloud");
        String path = "/reports/gcore/" + uuid;

        String csv = as("viewer").accept(TableFormat.CSV).get(path).then().statusCode(200)
                .header("Content-Disposition", startsWith("attachment; filename=\"report-cloud-")).extract().asString();
        byte[] xlsx = as("viewer").get(path + "?format=xlsx").then().statusCode(200).contentType(TableFormat.XLSX)
                .extract().asByteArray();

        List<String> lines = csv.lines().toList();
        assertThat(lines).hasSize(5);
        assertThat(lines.getFirst()).isEqualTo(String.join(",", COLUMNS));
        assertThat(lines.get(3)).isEqualTo("829449,SDG Test 2,2362,Block Storage (Standard) - Gb,0.4965,GBM,");
        try (ReadableWorkbook workbook = new ReadableWorkbook(new ByteArrayInputStream(xlsx))) {
            List<Row> rows = workbook.getFirstSheet().read();
            assertThat(rows).hasSize(5);
            assertThat(rows.get(3).getCell(0).getType()).isEqualTo(CellType.NUMBER);
            assertThat(rows.get(3).getCell(4).asNumber()).isEqualByComparingTo("0.4965");
            assertThat(rows.get(3).getCell(3).asString()).isEqualTo("Block Storage (Standard) - Gb");
        }
    }

    @Test
    void saysSizeAndHashOfTheCsvAnswer() throws Exception {
        String uuid = completed(Orders.ofADay(), "all");
        Response job = as("viewer").get("/reports/gcore/" + uuid);

        byte[] csv = as("viewer").accept(TableFormat.CSV).get("/reports/gcore/" + uuid).asByteArray();

        assertThat(job.<Integer>path("size_bytes")).isEqualTo(csv.length);
        assertThat(job.<String>path("sha256"))
                .isEqualTo(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(csv)));
    }

    @Test
    void keepsThePredecessorsEnvelopeAroundARealWorkbook() throws IOException {
        Response answer = Orders.ofADay().request().accept("application/json").post("/reports/cdn?format=excel");

        answer.then().statusCode(200).contentType("application/json").body("status", equalTo("completed"))
                .body("count", equalTo(4)).body("data.content_type", equalTo(TableFormat.XLSX))
                .body("data.format", equalTo("excel"));
        byte[] workbook = Base64.getDecoder().decode(answer.<String>path("data.data"));
        assertThat(answer.<Integer>path("data.size_bytes")).isEqualTo(workbook.length);
        try (ReadableWorkbook read = new ReadableWorkbook(new ByteArrayInputStream(workbook))) {
            assertThat(read.getFirstSheet().read()).hasSize(5);
        }
    }

    @Test
    void putsThreeProductsTogether() {
        String uuid = Orders.ofADay().post("all").then().statusCode(200).body("status", equalTo("completed"))
                .body("count", equalTo(10)).body("parts.product", contains("cdn", "cloud", "waap"))
                .body("parts.count", contains(4, 4, 2)).extract().path("uuid");

        as("viewer").accept(TableFormat.CSV).get("/reports/gcore/" + uuid).then().statusCode(200)
                .body(containsString("829449,SDG Test 2,502,\"WAAP \"\"advanced\"\" rules\","));
    }

    @Test
    void namesThePartsThatFailedRatherThanHideThem() {
        gcore.script("Completed", null, null);
        gcore.script("Failed", null, null);
        gcore.script("Completed", null, null);

        Response answer = Orders.ofADay().post("all");

        answer.then().statusCode(200).body("status", equalTo("partial")).body("error", startsWith("The report lacks "))
                .body("error", containsString("The statistics are not complete.")).body("count", greaterThan(0))
                .body("parts.status", hasItem("failed")).body("parts.findAll { it.status == 'completed' }", hasSize(2));
        as("viewer").get("/reports/gcore/" + answer.path("uuid")).then().statusCode(200)
                .body("status", equalTo("partial")).body("data", not(hasSize(0)));
    }

    @Test
    void answers422WhenGcoreHasNoFeatureOfTheProductInsteadOfTakingOthers() {
        gcore.option("productsWithoutFeatures", List.of("CDN", "Cloud", "WAAP"));
        awaitNewFeatures();

        Orders.ofADay().post("cdn").then().statusCode(422).contentType("application/problem+json")
                .body("code", equalTo("REPORT_FEATURES_MISSING")).body("detail", containsString("CDN"))
                .body("report_status", equalTo("failed"));
        assertThat(gcore.count("start")).isZero();

        gcore.reset();
        awaitNewFeatures();
    }

    /** They are remembered for a second here. */
    private void awaitNewFeatures() {
        await().pollDelay(Duration.ofMillis(1_100)).until(() -> true);
    }

    @Test
    void answers502AtOnceWhenGcoreCancelsInsteadOfAskingForEver() {
        gcore.script("Cancelled", null, null);

        String uuid = Orders.ofADay().post("cdn").then().statusCode(502).body("code", equalTo("REPORT_FAILED"))
                .body("detail", equalTo("The report was cancelled at Gcore."))
                .body("report_status", equalTo("cancelled"))
                .extract().path("uuid");

        as("viewer").get("/reports/gcore/" + uuid).then().statusCode(200).body("status", equalTo("cancelled"))
                .body("data", nullValue()).body("parts[0].gcore_status", equalTo("Cancelled"))
                .body("error_code", equalTo("CANCELLED"));
        as("viewer").post("/reports/gcore/" + uuid + "/download").then().statusCode(409)
                .body("code", equalTo("REPORT_NOT_READY"));
    }

    @Test
    void followsAReportWithAStatusItDoesNotKnow() {
        gcore.script("Completed", Duration.ofMillis(1_500), "Paused");

        Orders.ofADay().post("cdn").then().statusCode(200).body("status", equalTo("completed"));
    }

    @Test
    void timesOutWithWhatGcoreLastSaid() {
        gcore.script("never", null, "Stuck");

        String location = Orders.ofADay().postAsync("cdn").header("Location");

        Response job = awaitStatus(location, "in_progress");
        job.then().body("parts[0].gcore_status", equalTo("Stuck"));
        ReportsDatabase.pastDeadline(location);
        awaitStatus(location, "timed_out").then().statusCode(200).body("error", containsString("Stuck"))
                .body("error_code", equalTo("TIMED_OUT"));
    }

    @Test
    void asksGcoreOnceMoreBeforeItTimesOutWhatWasNeverTaken() {
        gcore.answer("start", 429, "1", 0);

        String location = Orders.ofADay().postAsync("cdn").header("Location");

        await().atMost(Duration.ofSeconds(20)).until(() -> gcore.count("start") > 0);
        ReportsDatabase.pastDeadline(location);
        awaitStatus(location, "timed_out").then().body("error_code", equalTo("TIMED_OUT"))
                .body("error", containsString("wants fewer requests")).body("parts[0].gcore_uuid", nullValue());
    }

    @Test
    void answersAtOnceWhenTheClientDoesNotWantToWait() {
        gcore.script("Completed", Duration.ofSeconds(6), null);

        Response accepted = Orders.ofADay().postAsync("cloud");

        accepted.then().statusCode(202).contentType("application/json").header("Preference-Applied", "respond-async")
                .header("Retry-After", "1").header("Cache-Control", "no-store").body("data", nullValue())
                .body("count", nullValue()).body("parts", hasSize(1));
        String location = accepted.header("Location");
        assertThat(location).endsWith(accepted.path("uuid"));
        as("viewer").get(location).then().statusCode(200).header("Retry-After", "1").body("data", nullValue());
        as("viewer").accept(TableFormat.CSV).get(location).then().statusCode(409).header("Retry-After", notNullValue())
                .body("code", equalTo("REPORT_NOT_READY"));
        as("viewer").post(location + "/download").then().statusCode(409);
        awaitStatus(location, "completed").then().body("count", equalTo(4));
        as("viewer").post(location + "/download").then().statusCode(200).body("data", hasSize(4));
    }

    @Test
    void waitsNoLongerThanTheClientSays() {
        gcore.script("never", null, "Pending");

        Response accepted = Orders.ofADay().request().header("Prefer", "wait=3").accept(TableFormat.CSV)
                .post("/reports/cloud");

        accepted.then().statusCode(202).contentType("application/json").header("Preference-Applied", "wait=3")
                .body("status", equalTo("pending"));
        as("operator").delete(accepted.header("Location")).then().statusCode(200);
    }

    @Test
    void joinsAnEqualRequestWhileItRuns() throws Exception {
        gcore.script("Completed", Duration.ofSeconds(6), null);
        Orders order = Orders.ofADay();

        Set<String> uuids = new HashSet<>();
        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<String> client = () -> order.post("cdn").then().statusCode(200).extract().path("uuid");
            for (var answer : clients.invokeAll(List.of(client, client, client, client, client, client))) {
                uuids.add(answer.get());
            }
        }

        assertThat(uuids).hasSize(1);
        assertThat(gcore.count("start")).isEqualTo(1);
        assertThat(order.post("cdn").<String>path("uuid")).as("after it has ended").isNotIn(uuids);
        assertThat(gcore.count("start")).isEqualTo(2);
    }

    @Test
    void cancelsHereAndAtGcore() {
        gcore.script("never", null, "Pending");
        String location = Orders.ofADay().postAsync("cloud").header("Location");
        UUID atGcore = UUID.fromString(awaitStatus(location, "pending").path("parts[0].gcore_uuid"));

        as("operator").delete(location).then().statusCode(200).body("status", equalTo("cancelled"))
                .body("parts[0].status", equalTo("cancelled"));

        await().atMost(Duration.ofSeconds(60)).until(() -> gcore.report(atGcore).isEmpty());
        as("operator").delete(location).then().statusCode(200).body("status", equalTo("cancelled"));
        as("viewer").get(location).then().statusCode(200).body("error",
                equalTo("The report was cancelled on request."));
    }

    @Test
    void doesNotCancelWhatHasEnded() {
        String uuid = completed(Orders.ofADay(), "cdn");

        as("operator").delete("/reports/gcore/" + uuid).then().statusCode(409).body("code", equalTo("REPORT_ENDED"));
        as("viewer").delete("/reports/gcore/" + uuid).then().statusCode(403);
    }

    @Test
    void isKeptUntilItExpires() {
        String uuid = completed(Orders.ofADay(), "cdn");
        String path = "/reports/gcore/" + uuid;
        String etag = as("viewer").get(path).header("ETag");
        as("viewer").header("If-None-Match", etag).get(path).then().statusCode(304);

        ReportsDatabase.expire(uuid);

        as("viewer").header("If-None-Match", etag).get(path).then().statusCode(410)
                .body("code", equalTo("REPORT_EXPIRED"));
        as("viewer").post(path + "/download").then().statusCode(410);
    }

    @Test
    void listsTheCallersReportsInPages() {
        String client = "list-" + UUID.randomUUID();
        List<String> uuids = java.util.stream.Stream.of("cdn", "cloud", "waap")
                .map(product -> completed(Orders.ofADay().with("gcore_user_id", client), product)).toList();
        String list = "/reports?gcore_user_id=" + client;

        Response first = as("operator").get(list + "&limit=2");
        first.then().statusCode(200).header("Cache-Control", "no-store").body("count", equalTo(2))
                .body("data.uuid", contains(uuids.get(2), uuids.get(1))).body("data[0].count", equalTo(0))
                .body("data[0].data", nullValue());
        String next = first.header("Link").replaceFirst("<(.*)>; rel=\"next\"", "$1");
        as("operator").urlEncodingEnabled(false).get(next).then().statusCode(200).header("Link", nullValue())
                .body("data.uuid", contains(uuids.get(0)));

        as("operator").get(list + "&product=cloud").then().body("data.uuid", contains(uuids.get(1)));
        as("operator").get(list + "&status=failed").then().body("count", equalTo(0));
        as("admin").get(list).then().statusCode(200).body("count", equalTo(0));
        as("operator").get("/reports?status=done").then().statusCode(400).body("code", equalTo("PARAMETER_INVALID"));
        as("operator").get("/reports?limit=0").then().statusCode(400);
        as("operator").get("/reports?after=" + UUID.randomUUID()).then().statusCode(400);
    }

    @ParameterizedTest
    @CsvSource({
            "gcore_user_id, ,              REQUEST_INVALID",
            "gcore_user_id, two words,     REQUEST_INVALID",
            "start_date,    ,              REQUEST_INVALID",
            "start_date,    2025-02-29,    DATE_INVALID",
            "end_date,      24.09.2025,    DATE_INVALID",
            "end_date,      2019-12-31,    RANGE_INVALID",
            "end_date,      2031-01-01,    RANGE_INVALID",
            "callback_url,  ftp://example, CALLBACK_URL_INVALID"})
    void refusesWhatIsNoOrder(String member, String value, String code) {
        Orders.ofADay().with(member, value).post("cdn").then().statusCode(400).contentType("application/problem+json")
                .body("code", equalTo(code));
        assertThat(gcore.count("start")).isZero();
    }

    @Test
    void saysWhatIsMissing() {
        Orders order = Orders.ofADay();
        order.body().remove("gcore_user_id");

        order.post("cdn").then().statusCode(400).body("violations[0].field", endsWith("gcore_user_id"));
    }

    @Test
    void knowsNoOtherProductsNorReports() {
        Orders.ofADay().post("dns").then().statusCode(404);
        as("viewer").get("/reports/gcore/" + UUID.randomUUID()).then().statusCode(404)
                .body("code", equalTo("REPORT_NOT_FOUND"));
        as("viewer").get("/reports/gcore/nothing").then().statusCode(404);
        as("operator").delete("/reports/gcore/" + UUID.randomUUID()).then().statusCode(404);
        as("viewer").post("/reports/gcore/" + UUID.randomUUID() + "/download").then().statusCode(404);
    }

    @Test
    void isForOperatorsToOrderAndForViewersToRead() {
        as("viewer").contentType("application/json").body(Orders.ofADay().body()).post("/reports/cdn").then()
                .statusCode(403);
        io.restassured.RestAssured.given().contentType("application/json").body(Orders.ofADay().body())
                .post("/reports/cdn").then().statusCode(401);
        as("viewer").get("/reports").then().statusCode(200);
    }

    @Test
    void startsOnceThoughGcoresAnswerIsLost() {
        gcore.lose("start", 1);

        completed(Orders.ofADay(), "cdn");

        assertThat(gcore.journal().path("reports")).hasSize(1);
        assertThat(gcore.count("start")).isEqualTo(1);
    }

    @Test
    void startsOnceThoughGcoreIsBusyFirst() {
        gcore.answer("start", 429, "1", 2);

        completed(Orders.ofADay(), "cdn");

        assertThat(gcore.journal().path("reports")).hasSize(1);
    }

    @Test
    void fetchesAgainWhatBreaksOffAndNeverShowsAPart() {
        gcore.cutChunks("download", 1);

        Orders.ofADay().post("cloud").then().statusCode(200).body("count", equalTo(4)).body("data", hasSize(4));

        assertThat(gcore.count("download")).isEqualTo(2);
    }

    @Test
    void readsWhateverOrderTheColumnsHave() {
        gcore.option("csvReordered", true);
        gcore.option("csvBom", true);

        Orders.ofADay().post("cloud").then().statusCode(200)
                .body("data[2].'Metric value'", equalTo("0.4965")).body("data[2].'Client ID'", equalTo("829449"));
    }

    @Test
    void failsWithGcoresReasonWhenItCannotRender() {
        gcore.option("renderingFails", true);

        Orders.ofADay().post("cloud").then().statusCode(502).body("code", equalTo("REPORT_FAILED"));
    }

    @Test
    void answersAnEmptyReportWithItsColumns() {
        Orders.ofADay().with("gcore_user_id", "nobody").request().accept(TableFormat.CSV).post("/reports/cdn").then()
                .statusCode(200).body(equalTo(String.join(",", COLUMNS) + "\r\n"));
    }

    @Test
    void asksNoMoreOftenThanItsInterval() {
        gcore.script("Completed", Duration.ofMillis(3_500), null);

        String uuid = completed(Orders.ofADay(), "cdn");

        UUID atGcore = UUID.fromString(as("viewer").get("/reports/gcore/" + uuid).path("parts[0].gcore_uuid"));
        var asked = gcore.report(atGcore).orElseThrow();
        assertThat(asked.path("status_requests").asInt()).isBetween(2, 4);
        assertThat(asked.path("min_gap_millis").asLong()).isGreaterThanOrEqualTo(950);
    }

    @Test
    void hasNoPasswordOrTokenInItsMetrics() {
        completed(Orders.ofADay(), "cdn");

        String metrics = as("viewer").get("/q/metrics").asString();

        assertThat(metrics).contains("tally_gcore_requests_seconds_count", "tally_reports_ended_total",
                "tally_gcore_token_total", "tally_reports_open").doesNotContain("password", "Bearer");
        assertThat(metrics.getBytes(StandardCharsets.UTF_8)).isNotEmpty();
    }
}
