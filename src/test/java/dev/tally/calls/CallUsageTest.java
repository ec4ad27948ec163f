package dev.tally.calls;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import java.util.Collections;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.tally.testsupport.UsersForTests;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;

/** The contract of call usage, by HTTP. Each test has subscribers of its own. */
@QuarkusTest
class CallUsageTest {
    private static RequestSpecification viewer() {
        return UsersForTests.as("viewer");
    }

    private static ValidatableResponse load(String csvRows) {
        return UsersForTests.as("operator").contentType("text/csv; charset=UTF-8")
                .body("event_id,msisdn,call_type,start_time,duration_seconds\n" + csvRows)
                .post("/api/usage/cdrs").then().statusCode(200);
    }

    @Test
    void answersADayAsTheContractShowsIt() {
        load("""
             a-1,+7643008066273,voice,2024-01-01T00:00:00Z,4
             a-2,7643008066273,video,2024-01-01T12:00:00+02:00,1210
             a-3,7643008066273,voice,2024-01-01T23:59:59.999999Z,56
             """);

        viewer().get("/api/usage/7643008066273?start_date=2024-01-01&end_date=2024-01-31").then().statusCode(200)
                .contentType("application/json")
                .body("msisdn", is("7643008066273"), "start_date", is("2024-01-01"), "end_date", is("2024-01-31"),
                        "zone", is("UTC"), "as_of", notNullValue(), "count", is(1), "data", hasSize(1))
                .body("data[0].date", is("2024-01-01"), "data[0].total_calls", is(3), "data[0].voice_calls", is(2),
                        "data[0].video_calls", is(1), "data[0].total_duration_seconds", is(1270),
                        "data[0].voice_duration_seconds", is(60), "data[0].video_duration_seconds", is(1210),
                        "data[0].avg_duration_seconds", is(423.33f), "data[0].min_duration_seconds", is(4),
                        "data[0].max_duration_seconds", is(1210));
    }

    @Test
    void answersASubscriberWithoutCallsWithNoRows() {
        viewer().get("/api/usage/+55500").then().statusCode(200)
                .body("msisdn", is("55500"), "start_date", nullValue(), "end_date", nullValue(), "as_of", nullValue(),
                        "count", is(0), "data", hasSize(0));
        viewer().get("/api/usage/55500/summary").then().statusCode(200)
                .body("total_calls", is(0), "avg_duration_seconds", nullValue(), "active_days", is(0),
                        "first_call", nullValue(), "last_call", nullValue());
    }

    @Test
    void fillsTheDaysWithoutCalls() {
        load("b-1,10002,voice,2024-02-28T10:00:00Z,10\nb-2,10002,voice,2024-03-01T10:00:00Z,20\n");

        viewer().get("/api/usage/10002?start_date=2024-02-27&end_date=2024-03-02&fill=zero").then().statusCode(200)
                .body("count", is(5))
                .body("data.date",
                        contains("2024-02-27", "2024-02-28", "2024-02-29", "2024-03-01", "2024-03-02"))
                .body("data.total_calls", contains(0, 1, 0, 1, 0))
                .body("data.avg_duration_seconds", contains(null, 10.0f, null, 20.0f, null));
    }

    @Test
    void fillsTheDaysOfEverySubscriberOfASearch() {
        load("c-1,10004,voice,2024-05-01T10:00:00Z,10\nc-2,10005,voice,2024-05-02T10:00:00Z,20\n");

        viewer().get("/api/usage?msisdns=10005,+10003,10004,10005&start_date=2024-05-01&end_date=2024-05-02&fill=zero")
                .then().statusCode(200)
                .body("data.msisdn", contains("10003", "10003", "10004", "10004", "10005", "10005"))
                .body("data.total_calls", contains(0, 0, 1, 0, 0, 1));
    }

    @Test
    void summarizesTheWholeRangeAsOneObject() {
        load("d-1,10006,voice,2024-06-01T10:00:00Z,10\nd-2,10006,video,2024-06-03T10:00:00.5Z,15\n");

        viewer().get("/api/usage/10006/summary?start_date=2024-06-01&end_date=2024-06-30").then().statusCode(200)
                .body("msisdn", is("10006"), "zone", is("UTC"), "total_calls", is(2), "voice_calls", is(1),
                        "video_calls", is(1), "total_duration_seconds", is(25), "avg_duration_seconds", is(12.5f),
                        "min_duration_seconds", is(10), "max_duration_seconds", is(15), "active_days", is(2),
                        "first_call", is("2024-06-01T10:00:00Z"), "last_call", is("2024-06-03T10:00:00.500Z"));
    }

    @Test
    void answersDaysOfAZone() {
        load("e-1,10007,voice,2024-07-01T18:29:59Z,10\ne-2,10007,voice,2024-07-01T18:30:00Z,20\n");

        viewer().get("/api/usage/10007?zone=Asia/Kolkata").then().statusCode(200)
                .body("zone", is("Asia/Kolkata"), "data.date", contains("2024-07-01", "2024-07-02"));
    }

    @Test
    void givesTheSameRowsInEveryFormat() {
        load("f-1,10008,voice,2024-08-01T10:00:00Z,10\nf-2,10008,voice,2024-08-01T11:00:00Z,11\n");

        String csv = viewer().get("/api/usage/10008?format=csv").then().statusCode(200)
                .header("Content-Disposition", "attachment; filename=\"usage-10008.csv\"").extract().asString();
        String search = viewer().contentType("application/json").accept("text/csv").body("{\"msisdns\":[\"10008\"]}")
                .post("/api/usage/search").then().statusCode(200).extract().asString();

        assertThat(csv).isEqualTo("date,total_calls,voice_calls,video_calls,total_duration_seconds,"
                + "voice_duration_seconds,video_duration_seconds,avg_duration_seconds,min_duration_seconds,"
                + "max_duration_seconds\r\n2024-08-01,2,2,0,21,21,0,10.5,10,11\r\n");
        assertThat(search).endsWith("\r\n10008,2024-08-01,2,2,0,21,21,0,10.5,10,11\r\n");
    }

    @Test
    void searchesSeveralSubscribers() {
        load("g-1,10009,voice,2024-09-01T10:00:00Z,10\ng-2,10010,voice,2024-09-02T11:00:00Z,11\n");

        viewer().contentType("application/json")
                .body("{\"msisdns\":[\"+10010\",\"10009\"],\"start_date\":\"2024-09-01\",\"end_date\":\"2024-09-30\"}")
                .post("/api/usage/search").then().statusCode(200)
                .body("count", is(2), "data.msisdn", contains("10009", "10010"),
                        "data.date", contains("2024-09-01", "2024-09-02"));
    }

    @Test
    void ranksSubscribersAndBreaksTiesByMsisdn() {
        load("""
             h-1,20003,voice,2031-01-01T00:00:00Z,1
             """).body("rejected", is(1));
        load("""
             i-1,20003,voice,2001-03-05T00:00:00Z,5
             i-2,20001,voice,2001-03-05T00:00:00Z,5
             i-3,20002,voice,2001-03-05T00:00:00Z,1
             i-4,20002,voice,2001-03-05T00:00:00Z,1
             """);

        viewer().get("/api/usage/top?start_date=2001-03-01&end_date=2001-03-31").then().statusCode(200)
                .body("count", is(3), "data.msisdn", contains("20002", "20001", "20003"),
                        "data.total_calls", contains(2, 1, 1), "data.total_duration_seconds", contains(2, 5, 5));
        viewer().get("/api/usage/top?by=duration&limit=2&start_date=2001-03-01&end_date=2001-03-31").then()
                .statusCode(200).body("data.msisdn", contains("20001", "20003"));
    }

    @Test
    void revalidatesUntilTheSubscriberChanges() {
        load("j-1,10011,voice,2024-10-01T10:00:00Z,10\n");
        String path = "/api/usage/10011?start_date=2024-10-01&end_date=2024-10-31";
        String tag = viewer().get(path).then().statusCode(200).extract().header("ETag");

        viewer().header("If-None-Match", tag).get(path).then().statusCode(304);
        load("j-2,10012,voice,2024-10-01T10:00:00Z,10\n");
        viewer().header("If-None-Match", tag).get(path).then().statusCode(304);
        load("j-3,10011,voice,2024-10-02T10:00:00Z,10\n");

        viewer().header("If-None-Match", tag).get(path).then().statusCode(200).body("count", is(2));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                                            /api/usage/1234                                       | MSISDN_INVALID | Invalid msisdn
                                            /api/usage/1234567890123456                           | MSISDN_INVALID | Invalid msisdn
                                            /api/usage/12345a                                     | MSISDN_INVALID | Invalid msisdn
                                            /api/usage/++12345                                    | MSISDN_INVALID | Invalid msisdn
                                            /api/usage/12345?start_date=2024-1-01                 | DATE_INVALID   | Invalid start_date format. Use YYYY-MM-DD.
                                            /api/usage/12345?end_date=2023-02-29                  | DATE_INVALID   | Invalid end_date format. Use YYYY-MM-DD.
                                            /api/usage/12345/summary?start_date=today             | DATE_INVALID   | Invalid start_date format. Use YYYY-MM-DD.
                                            /api/usage/12345?start_date=2024-01-02&end_date=2024-01-01 | RANGE_INVALID | start_date must not be after end_date.
                                            /api/usage/12345?start_date=2000-01-01&end_date=2010-01-08 | RANGE_INVALID | The range is longer than 3660 days.
                                            /api/usage/12345?fill=zero&start_date=2000-01-01      | RANGE_INVALID  | fill=zero needs start_date and end_date.
                                            /api/usage/12345?fill=one                             | REQUEST_INVALID | Invalid fill. Use zero, or leave it out.
                                            /api/usage/12345?zone=Luxembourg                      | ZONE_INVALID   | Invalid zone. Use an IANA name such as Europe/Luxembourg.
                                            /api/usage/top?by=name                                | REQUEST_INVALID | Invalid by. Use calls or duration.
                                            /api/usage?msisdns=12345,,                            | MSISDN_INVALID | Invalid msisdn
                                            """)
    void refusesABadQuestionWithAClearProblem(String path, String code, String sentence) {
        viewer().get(path).then().statusCode(400).contentType("application/problem+json")
                .body("code", is(code), "detail", is(sentence), "error", is(sentence));
    }

    @Test
    void answersTheLongestRangeThatIsAllowed() {
        viewer().get("/api/usage/12345?start_date=2000-01-01&end_date=2010-01-07").then().statusCode(200);
    }

    @ParameterizedTest
    @CsvSource({"0", "1001", "ten"})
    void refusesALimitOutOfBounds(String limit) {
        viewer().get("/api/usage/top?limit=" + limit).then().statusCode(400)
                .contentType("application/problem+json");
    }

    @Test
    void refusesSearchesThatAreTooLongEmptyOrMisspelt() {
        List<String> many = Collections.nCopies(1001, "12345");

        viewer().contentType("application/json").body(Map.of("msisdns", many)).post("/api/usage/search")
                .then().statusCode(400).body("code", is("REQUEST_INVALID"));
        viewer().contentType("application/json").body("{\"msisdns\":[]}").post("/api/usage/search").then()
                .statusCode(400).body("violations.field", hasItems("msisdns"));
        viewer().contentType("application/json").body("{\"msisdns\":[\"12345\"],\"startdate\":\"2024-01-01\"}")
                .post("/api/usage/search").then().statusCode(400).body("code", equalTo("BODY_INVALID"));
        viewer().get("/api/usage").then().statusCode(400).body("violations.field", hasItems("msisdns"));
    }

    @Test
    void letsViewersReadAndOnlyOperatorsLoad() {
        given().get("/api/usage/12345").then().statusCode(401);
        viewer().contentType("text/csv").body("x").post("/api/usage/cdrs").then().statusCode(403)
                .body("code", is("FORBIDDEN"));
    }
}
