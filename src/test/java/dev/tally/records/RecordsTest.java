package dev.tally.records;

import static dev.tally.testsupport.ConsumersForTests.signUp;
import static io.restassured.RestAssured.config;
import static io.restassured.RestAssured.given;
import static io.restassured.config.EncoderConfig.encoderConfig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import com.fasterxml.jackson.databind.ObjectMapper;

import dev.tally.testsupport.ClickHouseForTests;
import dev.tally.testsupport.ConsumersForTests.Signed;
import dev.tally.testsupport.NeedsClickHouse;
import dev.tally.testsupport.UsersForTests;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;

/** Records by HTTP, in a real ClickHouse: what is loaded is found, and every answer is charged once. */
@QuarkusTest
@NeedsClickHouse
class RecordsTest {
    private static final String HEADER = "canonical_key,name,email,phone,dob\n";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** So that the records of each test are its own. */
    private final String mark = "t" + UUID.randomUUID().toString().replace("-", "");

    private static RequestSpecification operator(String type) {
        return UsersForTests.as("operator")
                .config(config().encoderConfig(
                        encoderConfig().appendDefaultContentCharsetToContentTypeIfUndefined(false)))
                .contentType(type);
    }

    private static ValidatableResponse csv(String body) {
        return operator("text/csv").body(body.getBytes(StandardCharsets.UTF_8)).post("/records").then();
    }

    private static ValidatableResponse ndjson(String body) {
        return operator("application/x-ndjson").body(body.getBytes(StandardCharsets.UTF_8)).post("/records").then();
    }

    private String rows(int count) {
        return HEADER + IntStream.range(0, count)
                .mapToObj(i -> "%s_%05d,%s Name %d,%s@example.com,%d,1998-05-10".formatted(mark, i, mark, i, mark, i))
                .collect(Collectors.joining("\n")) + "\n";
    }

    @Test
    void findsWhatWasLoaded() {
        csv(HEADER + mark + "_1," + mark + " Doe,john@example.com,9991112222,1998-05-10\n" + mark + "_2," + mark
                + " Roe,,,\n").statusCode(200).body("received", is(2)).body("loaded", is(2)).body("rejected", is(0))
                .body("rejects", empty());
        Signed consumer = signUp();

        consumer.request().queryParam("name_like", mark).get("/query").then().statusCode(200)
                .header("Cache-Control", "no-store").header("ETag", nullValue())
                .body("data.canonical_key", contains(mark + "_1", mark + "_2"))
                .body("data[0].name", is(mark + " Doe")).body("data[0].email", is("john@example.com"))
                .body("data[0].phone", is("9991112222")).body("data[0].dob", is("1998-05-10"))
                .body("data[1].email", is("")).body("data[1].dob", nullValue())
                .body("metadata.total_records", is(2)).body("metadata.credits_used", is(1))
                .body("metadata.response_time_ms", greaterThanOrEqualTo(0)).body("count", nullValue());
        assertThat(consumer.balance()).isEqualTo(99).isEqualTo(consumer.ledger());
    }

    @Test
    void looksUpOneRecordAndChargesTheLookUpThatFindsNone() {
        csv(HEADER + mark + ",Ömer,o@example.com,1,\n").statusCode(200);
        Signed consumer = signUp();

        consumer.request().get("/record/" + mark).then().statusCode(200).body("data.name", is("Ömer"))
                .body("data.canonical_key", is(mark)).body("metadata.credits_used", is(1));
        consumer.request().get("/record/" + mark + "none").then().statusCode(404)
                .contentType("application/problem+json").body("code", is("RECORD_NOT_FOUND"));

        assertThat(consumer.balance()).isEqualTo(98).isEqualTo(consumer.ledger());
    }

    @Test
    void replacesARecordWithAKnownKeyAndDoesNotFindItByItsOldName() {
        csv(HEADER + mark + "," + mark + "Old,,,\n").statusCode(200);
        csv(HEADER + mark + "," + mark + "New,,,\n").statusCode(200);
        Signed consumer = signUp();

        consumer.request().queryParam("name_like", mark + "old").get("/query").then().body("data", empty())
                .body("metadata.total_records", is(0));
        consumer.request().queryParam("name_like", mark + "new").get("/query").then()
                .body("data.canonical_key", contains(mark)).body("metadata.total_records", is(1));
    }

    @Test
    void letsTheLaterOfTwoRowsWithOneKeyHold() {
        csv(HEADER + mark + "," + mark + "First,,,\n" + mark + "," + mark + "Second,,,\n").statusCode(200)
                .body("loaded", is(2));

        signUp().request().get("/record/" + mark).then().body("data.name", is(mark + "Second"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"O'Brien \"x\"", "back\\slash", "100%", "under_score", "emoji 😀", "İstanbul ı", "Straße",
            "ΟΔΥΣΣΕΥΣ", "line\nbreak\ttab", "{name:String}", "nul\u0000"})
    void takesEveryTextAsItIs(String text) throws IOException {
        String name = mark + text;
        ndjson(new ObjectMapper()
                .writeValueAsString(Map.of("canonical_key", mark, "name", name)) + "\n").statusCode(200)
                .body("loaded", is(1));
        Signed consumer = signUp();

        consumer.request().get("/record/" + mark).then().body("data.name", is(name));
        consumer.request().queryParam("name_like", name).get("/query").then().body("data.name", contains(name));
        consumer.request().queryParam("name_like", name.toUpperCase(Locale.ROOT)).get("/query").then()
                .body("metadata.total_records", is(text.equals("Straße") || text.startsWith("İ") ? 0 : 1));
    }

    @ParameterizedTest
    @CsvSource({"100%, 100x", "a_c, abc", "a\\c, abc", "%, x"})
    void takesWildcardsAsOrdinaryCharacters(String searched, String other) {
        csv(HEADER + mark + "_1," + mark + searched + ",,,\n" + mark + "_2," + mark + other + ",,,\n").statusCode(200);

        signUp().request().queryParam("name_like", mark + searched).get("/query").then()
                .body("data.canonical_key", contains(mark + "_1"));
    }

    @Test
    void pagesByKeyAndByOffset() {
        csv(rows(25)).statusCode(200);
        Signed consumer = signUp();

        List<String> keys = new ArrayList<>();
        String next = "/query?limit=10&offset=0&email_like=" + mark;
        while (next != null) {
            Response page = consumer.request().urlEncodingEnabled(false).get(next);
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.jsonPath().getLong("metadata.total_records")).isEqualTo(25);
            keys.addAll(page.jsonPath().getList("data.canonical_key"));
            String link = page.header("Link");
            next = link == null ? null : link.substring(1, link.indexOf('>'));
            assertThat(String.valueOf(next)).doesNotContain("offset");
        }
        assertThat(keys).hasSize(25).isSorted().doesNotHaveDuplicates();
        consumer.request().queryParam("limit", 10).queryParam("offset", 20).queryParam("email_like", mark)
                .get("/query").then().header("Link", nullValue())
                .body("data.canonical_key", is(keys.subList(20, 25))).body("metadata.total_records", is(25));
    }

    @ParameterizedTest
    @CsvSource({"limit=0", "limit=1001", "limit=x", "limit=-1", "offset=-1", "offset=100001", "offset=9999999999",
            "offset=0&after=a", "dry_run=maybe"})
    void refusesWhatIsOutOfRangeWithoutCharging(String query) {
        Signed consumer = signUp();

        consumer.request().urlEncodingEnabled(false).get("/query?" + query).then().statusCode(400);

        assertThat(consumer.balance()).isEqualTo(100);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "100, 1", "101, 2", "1000, 10"})
    void pricesByTheLimitAskedFor(int limit, int credits) {
        Signed consumer = signUp();

        consumer.request().queryParam("limit", limit).queryParam("dry_run", true).get("/query").then().statusCode(200)
                .body("data", empty()).body("metadata.credits_used", is(0))
                .body("metadata.credits_required", is(credits)).body("metadata.credits_available", is(100));
        assertThat(consumer.balance()).isEqualTo(100);
        consumer.request().queryParam("limit", limit).queryParam("name_like", mark).get("/query").then()
                .statusCode(200).body("metadata.credits_used", is(credits));
        assertThat(consumer.balance()).isEqualTo(100 - credits).isEqualTo(consumer.ledger());
    }

    @Test
    void answersNothingThatIsNotPaidFor() {
        Signed consumer = signUp();
        for (int i = 0; i < 10; i++) {
            consumer.request().queryParam("limit", 1000).queryParam("name_like", mark).get("/query").then()
                    .statusCode(200);
        }

        consumer.request().get("/record/" + mark).then().statusCode(402).body("required", is(1))
                .body("available", is(0)).body("error", is("Insufficient Credits"));
        assertThat(consumer.balance()).isZero().isEqualTo(consumer.ledger());
    }

    @Test
    void replaysAnAnswerByteForByteAndChargesItOnce() {
        csv(rows(3)).statusCode(200);
        Signed consumer = signUp();
        String key = UUID.randomUUID().toString();
        RequestSpecification request = consumer.request().header("Idempotency-Key", key).queryParam("name_like", mark)
                .queryParam("limit", 2);

        Response first = request.get("/query");
        csv(HEADER + mark + "_00000,changed,,,\n").statusCode(200);
        Response second = request.get("/query");

        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(first.header("Idempotency-Replayed")).isNull();
        assertThat(second.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(second.asByteArray()).isEqualTo(first.asByteArray());
        assertThat(second.header("Link")).isEqualTo(first.header("Link")).isNotNull();
        assertThat(second.contentType()).isEqualTo(first.contentType());
        consumer.request().header("Idempotency-Key", key).queryParam("name_like", "other").get("/query").then()
                .statusCode(422);
        assertThat(consumer.balance()).isEqualTo(99);
    }

    @Test
    void answersAsCsvAndAsWorkbook() {
        csv(HEADER + mark + ",=1+1,,,2000-01-02\n").statusCode(200);
        Signed consumer = signUp();

        String text = consumer.request().accept("text/csv").queryParam("limit", 1).queryParam("name_like", "=1+1")
                .queryParam("after", mark.substring(0, mark.length() - 1)).get("/query").then().statusCode(200)
                .header("Content-Disposition", containsString("records.csv")).extract().asString();
        byte[] workbook = consumer.request().queryParam("format", "xlsx").get("/record/" + mark).then()
                .statusCode(200).header("Content-Disposition", containsString("record.xlsx")).extract().asByteArray();

        assertThat(text.replace("\r\n", "\n")).isEqualTo(HEADER + mark + ",'=1+1,\"\",\"\",2000-01-02\n");
        assertThat(workbook).startsWith('P', 'K');
    }

    @Test
    void asksForAKeyAndForTheRightRole() {
        given().get("/query").then().statusCode(401);
        given().header("x-api-key", "tly_wrong").get("/query").then().statusCode(401);
        UsersForTests.as("admin").get("/query").then().statusCode(403);
        signUp().request().contentType("text/csv").body(HEADER).post("/records").then()
                .statusCode(403);
        UsersForTests.as("viewer").contentType("text/csv").body(HEADER).post("/records").then().statusCode(403);
    }

    @Test
    void namesTheRowsThatItRejects() {
        String tooLong = "x".repeat(201);

        csv("dob,canonical_key,name\n,,a\n1998-05-10," + mark + "_1,b\n10/05/1998," + mark + "_2,c\n," + tooLong
                + ",d\n1899-12-31," + mark + "_3,e\n,f\n").statusCode(200).body("received", is(6))
                .body("loaded", is(1)).body("rejected", is(5)).body("rejects.line", is(List.of(2, 4, 5, 6, 7)))
                .body("rejects.reason", hasItems("canonical_key is missing",
                        "dob is not a date, YYYY-MM-DD, from 1900-01-01 to 2299-12-31"));
        ndjson("{\"canonical_key\":\"" + mark + "_4\",\"name\":7}\nno json\n\n{\"canonical_key\":\"" + mark
                + "_5\",\"dob\":null}\n").statusCode(200).body("received", is(3)).body("loaded", is(1))
                .body("rejects.line", is(List.of(1, 2)));
    }

    @Test
    void refusesAnUnknownColumnBeforeAnythingIsLoaded() {
        csv("canonical_key,nme\n" + mark + ",a\n").statusCode(400).body("code", is("UPLOAD_INVALID"))
                .body("detail", containsString("nme"));
        signUp().request().get("/record/" + mark).then().statusCode(404);
    }

    @Test
    void takesPackedUploads() {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(rows(1000).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }

        operator("text/csv").header("Content-Encoding", "gzip").body(packed.toByteArray()).post("/records").then()
                .statusCode(200).body("loaded", is(1000));

        signUp().request().queryParam("limit", 1).queryParam("name_like", mark).get("/query").then()
                .body("metadata.total_records", is(1000));
    }

    @Test
    void loadsOnceForAnIdempotencyKey() {
        String key = UUID.randomUUID().toString();
        RequestSpecification load = operator("text/csv").header("Idempotency-Key", key)
                .body(rows(10).getBytes(StandardCharsets.UTF_8));

        load.post("/records").then().statusCode(200).header("Idempotency-Replayed", nullValue())
                .body("loaded", is(10));
        csv(HEADER + mark + "_00003,later,,,\n").statusCode(200);
        load.post("/records").then().statusCode(200).header("Idempotency-Replayed", is("true"))
                .body("loaded", is(10));

        assertThat(ClickHouseForTests.query("SELECT name FROM tally.records FINAL WHERE canonical_key = '" + mark
                + "_00003'")).isEqualTo("later\n");
        operator("text/csv").header("Idempotency-Key", key).body((HEADER + "x,,,,\n").getBytes(StandardCharsets.UTF_8))
                .post("/records").then().statusCode(422).body("code", is("IDEMPOTENCY_KEY_REUSED"));
    }

    @Test
    void answersWhatWasLoadedAlreadyAlsoWhileAsManyAreLoadedAsMayBe() throws IOException {
        String key = UUID.randomUUID().toString();
        String unknown = UUID.randomUUID().toString();
        byte[] upload = rows(10).getBytes(StandardCharsets.UTF_8);
        operator("text/csv").header("Idempotency-Key", key).body(upload).post("/records").then().statusCode(200);

        try (Socket one = endlessUpload(); Socket other = endlessUpload()) {
            await().atMost(PATIENCE).until(() -> csv(HEADER + mark + ",,,,\n").extract().statusCode() == 503);

            operator("text/csv").header("Idempotency-Key", key).body(upload).post("/records").then().statusCode(200)
                    .header("Idempotency-Replayed", is("true")).body("loaded", is(10));
            operator("text/csv").header("Idempotency-Key", unknown).body(upload).post("/records").then()
                    .statusCode(503).body("code", is("TOO_MANY_LOADS"));
            assertThat(one.isClosed() || other.isClosed()).isFalse();
        }
        await().atMost(PATIENCE).untilAsserted(() -> operator("text/csv").header("Idempotency-Key", unknown)
                .body(upload).post("/records").then().statusCode(200).header("Idempotency-Replayed", nullValue()));
    }

    /** An upload of which no more comes, until the socket is closed. */
    private static Socket endlessUpload() throws IOException {
        Socket socket = new Socket("localhost", RestAssured.port);
        socket.getOutputStream().write(("POST /records HTTP/1.1\r\nHost: localhost\r\nAuthorization: "
                + UsersForTests.basic("operator") + "\r\nContent-Type: text/csv\r\nContent-Length: 1000\r\n\r\n"
                + HEADER).getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        return socket;
    }

    @Test
    void keepsATotalUntilTheTableChanges() {
        csv(rows(5)).statusCode(200);
        Signed consumer = signUp();
        RequestSpecification request = consumer.request().queryParam("limit", 1).queryParam("name_like", mark);

        request.get("/query").then().body("metadata.total_records", is(5));
        csv(HEADER + mark + "_9," + mark + " nine,,,\n" + mark + "_00001,gone,,,\n" + mark + "_00002,gone,,,\n")
                .statusCode(200);
        request.get("/query").then().body("metadata.total_records", is(4)).body("data", not(empty()));
        ClickHouseForTests.query("ALTER TABLE tally.records DELETE WHERE canonical_key = '" + mark
                + "_9' SETTINGS mutations_sync = 2");
        request.get("/query").then().body("metadata.total_records", is(3));
    }
}
