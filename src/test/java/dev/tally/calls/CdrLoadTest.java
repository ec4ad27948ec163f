package dev.tally.calls;

import static dev.tally.testsupport.RawHttp.OPERATOR;
import static io.restassured.RestAssured.config;
import static io.restassured.config.EncoderConfig.encoderConfig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tally.testsupport.PostgresForTests;
import dev.tally.testsupport.RawHttp;
import dev.tally.testsupport.UsersForTests;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.config.EncoderConfig;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;

/** Loading CDRs by HTTP: what is taken, what is refused, and that nothing is ever half-loaded. */
@QuarkusTest
class CdrLoadTest {
    private static final String HEADER = "event_id,source,msisdn,call_type,start_time,duration_seconds\n";
    private static final Duration SOON = Duration.ofSeconds(20);

    private final UsageDatabase database = new UsageDatabase(PostgresForTests.dataSource());

    private static RequestSpecification operator(String type) {
        EncoderConfig asGiven = encoderConfig().appendDefaultContentCharsetToContentTypeIfUndefined(false);
        return UsersForTests.as("operator").config(config().encoderConfig(asGiven)).contentType(type);
    }

    private static ValidatableResponse csv(String body) {
        return operator("text/csv").body(body.getBytes(StandardCharsets.UTF_8)).post("/api/usage/cdrs").then();
    }

    private static ValidatableResponse ndjson(String body) {
        return operator("application/x-ndjson").body(body.getBytes(StandardCharsets.UTF_8)).post("/api/usage/cdrs")
                .then();
    }

    private long stored(String source) {
        return database.count("(SELECT FROM cdr_data.voice_cdr WHERE source = '" + source + "')");
    }

    private static byte[] gzip(String text) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }

    @Test
    void saysWhatBecameOfEachRowAsTheContractShowsIt() {
        csv(HEADER + """
                     a,contract,7643008066273,voice,2024-01-01T00:00:00Z,1
                     b,contract,7643008066273,sms,2024-01-01T00:00:00Z,1
                     a,contract,7643008066273,voice,2024-01-01T00:00:00Z,1
                     c,contract,76430080662730000,voice,2024-01-01T00:00:00Z,1
                     d,contract,7643008066273,video,2024-01-01T00:00:00Z,1
                     """).statusCode(200)
                .body("received", is(5), "loaded", is(2), "duplicates", is(1), "rejected", is(2), "rejects", hasSize(2))
                .body("rejects[0].line", is(3), "rejects[0].reason", is("call_type must be voice or video"))
                .body("rejects[1].line", is(5), "rejects[1].reason", is("msisdn must have 5 to 15 digits"));

        assertThat(stored("contract")).isEqualTo(2);
    }

    @Test
    void takesColumnsInAnyOrderQuotedWithAByteOrderMarkAndWindowsLineEnds() {
        String rows = """
                      "duration_seconds",msisdn,start_time,call_type,source,event_id
                      5,"+7643008066273",2024-01-01T00:00:00Z,voice,order,"with ""quotes"", commas"

                      6,7643008066273,2024-01-01T00:00:00Z,video,order,second""";

        csv("\uFEFF" + rows.replace("\n", "\r\n")).statusCode(200)
                .body("received", is(2), "loaded", is(2));

        assertThat(database.count("(SELECT FROM cdr_data.voice_cdr WHERE source = 'order'"
                + " AND event_id = 'with \"quotes\", commas' AND duration_seconds = 5)")).isEqualTo(1);
    }

    @Test
    void takesNdjsonWithMembersInAnyOrder() {
        ndjson("""
               {"event_id":"1","source":"json","msisdn":"+7643008066273","call_type":"voice","start_time":"2024-01-01T00:00:00Z","duration_seconds":5}

               {"duration_seconds":6,"start_time":"2024-01-01T02:00:00+02:00","call_type":"video","msisdn":"7643008066273","source":"json","event_id":"\\u00fc"}
               """)
                .statusCode(200).body("received", is(2), "loaded", is(2));

        assertThat(database.count("(SELECT FROM cdr_data.voice_cdr WHERE source = 'json' AND event_id = 'ü')"))
                .isEqualTo(1);
    }

    @Test
    void takesAnUploadThatIsPacked() {
        String rows = HEADER + "1,packed,7643008066273,voice,2024-01-01T00:00:00Z,1\n";
        operator("text/csv; charset=UTF-8").header("Content-Encoding", "gzip").body(gzip(rows))
                .post("/api/usage/cdrs").then().statusCode(200).body("loaded", is(1));

        csv(rows).statusCode(200).body("loaded", is(0), "duplicates", is(1));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                                            x                                                      | the line is not a JSON object
                                            []                                                     | the line is not a JSON object
                                            {"event_id":"1"                                        | the line is not a JSON object
                                            {"event_id":"1","event_id":"2"}                        | the line is not a JSON object
                                            {"event_id":"1"}{}                                     | the line holds more than one JSON object
                                            {"event_id":1}                                         | event_id must be a JSON string
                                            {"duration_seconds":"1"}                               | duration_seconds must be a JSON integer
                                            {"duration_seconds":1.0}                               | duration_seconds must be a JSON integer
                                            {"eventid":"1"}                                        | unknown field; the fields are [event_id, source, msisdn, call_type, start_time, duration_seconds]
                                            {"event_id":null}                                      | event_id must have 1 to 64 characters, none of them a control character
                                            """)
    void rejectsLinesThatAreNoCdr(String line, String reason) {
        ndjson(line + "\n").statusCode(200).body("received", is(1), "loaded", is(0), "rejected", is(1))
                .body("rejects[0].line", is(1), "rejects[0].reason", is(reason));
    }

    @Test
    void rejectsALineThatIsTooLongAndReadsOn() {
        ndjson("{\"event_id\":\"" + "x".repeat(100_000) + "\"}\n"
                + """
                  {"event_id":"1","source":"long","msisdn":"7643008066273","call_type":"voice","start_time":"2024-01-01T00:00:00Z","duration_seconds":5}""")
                .statusCode(200).body("received", is(2), "loaded", is(1))
                .body("rejects[0].line", is(1), "rejects[0].reason", is("the line is longer than 65536 bytes"));
    }

    @Test
    void rejectsBytesThatAreNotUtf8() {
        byte[] latin1 = (HEADER + "\u00fc,latin,7643008066273,voice,2024-01-01T00:00:00Z,1\n")
                .getBytes(StandardCharsets.ISO_8859_1);

        operator("text/csv").body(latin1).post("/api/usage/cdrs").then().statusCode(200).body("rejected", is(1));
    }

    @Test
    void rejectsARowWithOtherThanTheColumnsOfTheHeader() {
        csv(HEADER + "1,columns,7643008066273,voice,2024-01-01T00:00:00Z\n"
                + "2,columns,7643008066273,voice,2024-01-01T00:00:00Z,1,\n"
                + "3,columns,7643008066273,voice,2024-01-01T00:00:00Z,1\n").statusCode(200)
                .body("loaded", is(1), "rejected", is(2))
                .body("rejects[0].reason", is("the row has 5 fields, the header 6"))
                .body("rejects[1].line", is(3), "rejects[1].reason", is("the row has 7 fields, the header 6"));
    }

    @Test
    void countsEveryRejectAndReturnsTheFirstHundred() {
        String rows = IntStream.range(0, 250).mapToObj(i -> i + ",counted,x,voice,2024-01-01T00:00:00Z,1\n")
                .collect(Collectors.joining());

        csv(HEADER + rows).statusCode(200).body("received", is(250), "rejected", is(250), "rejects", hasSize(100))
                .body("rejects[99].line", is(101));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "null", textBlock = """
                                                                 msisdn,call_type,start_time,duration_seconds                  | The header lacks the column event_id.
                                                                 event_id,msisdn,call_type,start_time,duration_seconds,msisdn  | The header has the column msisdn twice.
                                                                 event_id,msisdn,call_type,start_time,duration                 | The header has the unknown column "duration".
                                                                 event_id;msisdn;call_type;start_time;duration_seconds         | The header has the unknown column
                                                                 Event_ID,msisdn,call_type,start_time,duration_seconds         | The header has the unknown column "Event_ID".
                                                                 ''                                                            | The upload is empty.
                                                                 """)
    void refusesAHeaderThatIsNotOne(String header, String sentence) {
        csv(header).statusCode(400).body("code", is("UPLOAD_INVALID"), "detail", containsString(sentence));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2,quotes,\"7643008066273,voice,2024-01-01T00:00:00Z,1\n3,quotes,x,y,z,1\n",
            "2,quotes,\"7643008066273\"x,voice,2024-01-01T00:00:00Z,1\n"})
    void storesNothingOfAnUploadWithAQuoteOutOfPlace(String rows) {
        ValidatableResponse answer = csv(HEADER + "1,quotes,7643008066273,voice,2024-01-01T00:00:00Z,1\n" + rows
                + "4,quotes,7643008066273,voice,2024-01-01T00:00:00Z,1\n".repeat(3_000));

        answer.statusCode(400).body("code", is("UPLOAD_INVALID"), "detail", containsString("quotation mark"));
        assertThat(stored("quotes")).isZero();
    }

    @Test
    void storesNothingWhenRejectsAbortTheLoad() {
        operator("text/csv; charset=UTF-8")
                .body(HEADER + "1,abort,7643008066273,voice,2024-01-01T00:00:00Z,1\n2,abort,x,voice,x,1\n")
                .post("/api/usage/cdrs?on_error=abort").then().statusCode(422)
                .body("code", is("UPLOAD_REJECTED"), "received", is(2), "rejected", is(1))
                .body("rejects[0].line", is(3), "rejects[0].reason", is("msisdn must have 5 to 15 digits"));

        assertThat(stored("abort")).isZero();
    }

    @Test
    void storesNothingWhenAConflictAbortsTheLoad() {
        csv(HEADER + "1,conflict,7643008066273,voice,2024-01-01T00:00:00Z,1\n").statusCode(200);

        operator("text/csv; charset=UTF-8")
                .body(HEADER + "2,conflict,7643008066273,voice,2024-01-01T00:00:00Z,1\n"
                        + "1,conflict,7643008066273,voice,2024-01-01T00:00:00Z,2\n")
                .post("/api/usage/cdrs?on_error=abort").then().statusCode(422)
                .body("rejects[0].line", is(3), "rejects[0].reason", is("conflicts with an event already loaded"));

        assertThat(stored("conflict")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"7643008066274,voice,2024-01-01T00:00:00Z,1", "7643008066273,video,2024-01-01T00:00:00Z,1",
            "7643008066273,voice,2024-01-01T00:00:00.000001Z,1", "7643008066273,voice,2025-02-01T00:00:00Z,1",
            "7643008066273,voice,2024-01-01T00:00:00Z,0"})
    void rejectsAnEventWithOtherContent(String other) {
        String first = "1,other-" + other.hashCode() + ",";
        csv(HEADER + first + "7643008066273,voice,2024-01-01T00:00:00Z,1\n").statusCode(200);

        csv(HEADER + first + other + "\n").statusCode(200).body("loaded", is(0), "duplicates", is(0), "rejected", is(1))
                .body("rejects[0].reason", is("conflicts with an event already loaded"));
    }

    @Test
    void takesTheFirstOfTwoRowsThatContradictEachOtherInOneUpload() {
        csv(HEADER + "1,first,7643008066273,voice,2024-01-01T00:00:00Z,1\n"
                + "1,first,7643008066273,voice,2024-01-01T00:00:00Z,2\n").statusCode(200)
                .body("loaded", is(1), "rejected", is(1), "rejects[0].line", is(3));

        assertThat(database.count("(SELECT FROM cdr_data.voice_cdr WHERE source = 'first' AND duration_seconds = 1)"))
                .isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"text/plain,identity", "application/json,identity", "text/csv; charset=ISO-8859-1,identity",
            "text/csv,br", "text/csv,deflate"})
    void refusesTypesAndEncodingsThatItDoesNotRead(String type, String encoding) {
        operator(type).header("Content-Encoding", encoding).body(HEADER.getBytes(StandardCharsets.UTF_8))
                .post("/api/usage/cdrs").then().statusCode(415).body("code", is("MEDIA_TYPE_UNSUPPORTED"));
    }

    @Test
    void refusesAnOnErrorThatItDoesNotKnow() {
        operator("text/csv").body(HEADER.getBytes(StandardCharsets.UTF_8)).post("/api/usage/cdrs?on_error=ignore")
                .then().statusCode(400).body("detail", is("Invalid on_error. Use skip or abort."));
    }

    @Test
    void storesNothingOfAPackedUploadThatBreaksOff() {
        byte[] whole = gzip(HEADER + IntStream.range(0, 5_000)
                .mapToObj(i -> i + ",cut,7643008066273,voice,2024-01-01T00:00:00Z,1\n").collect(Collectors.joining()));

        for (byte[] part : new byte[][]{Arrays.copyOf(whole, whole.length - 5), Arrays.copyOf(whole, 200),
                HEADER.getBytes(StandardCharsets.UTF_8)}) {
            operator("text/csv").header("Content-Encoding", "gzip").body(part).post("/api/usage/cdrs").then()
                    .statusCode(400).body("code", is("UPLOAD_INVALID"));
        }
        assertThat(stored("cut")).isZero();
    }

    @Test
    void storesNothingOfAnUploadWhoseClientGoesAway() throws IOException {
        String rows = IntStream.range(0, 20_000)
                .mapToObj(i -> i + ",gone,7643008066273,voice,2024-01-01T00:00:00Z,1\n").collect(Collectors.joining());
        String request = "POST /api/usage/cdrs HTTP/1.1\r\nHost: a\r\n" + OPERATOR + "Content-Type: text/csv\r\n"
                + "Content-Length: " + (HEADER.length() + rows.length() + 1) + "\r\n\r\n";

        try (Socket _ = RawHttp.send(request + HEADER + rows)) {
            await().atMost(SOON).until(() -> copies() == 1);
        }

        await().atMost(SOON).until(() -> copies() == 0);
        assertThat(stored("gone")).isZero();
        csv(HEADER + rows).statusCode(200).body("loaded", is(20_000));
    }

    /** How many loads are taking rows in. */
    private long copies() {
        return database.count("(SELECT FROM pg_stat_progress_copy)");
    }
}
