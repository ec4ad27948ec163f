package dev.tally.interactions;

import static dev.tally.testsupport.UsersForTests.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;

@QuarkusTest
class InteractionsTest {
    @BeforeEach
    void begin() {
        InteractionsDatabase.clear();
        Response response = as("operator").multiPart("file", "book.xlsx", Workbooks.contract().bytes())
                .post("/api/v1/imports");
        assertThat(response.statusCode()).as(response.asString()).isEqualTo(201);
    }

    private static String get(String path) {
        Response response = as("viewer").get(path);
        assertThat(response.statusCode()).as(response.asString()).isEqualTo(200);
        return response.asString().replaceAll("\"as_of\":\"[^\"]*\"", "\"as_of\":\"now\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/interactions/4", "/api/v1/stats/interactions/4"})
    void answersTheExampleOfTheContract(String path) {
        assertThat(get(path + "?start_date=2019-10-01&end_date=2020-03-05")).isEqualTo(
                "{\"data\":{\"customer_id\":4,\"interactions\":{\"Bird\":1,\"Boat\":0,\"Call\":1,\"Email\":0,\"Post\":0}}}");
    }

    @ParameterizedTest
    @CsvSource({"zone=UTC, 1, 1", "end_date=2020-03-04, 0, 1", "start_date=2020-03-05, 1, 0",
            "start_date=2020-03-06, 0, 0",
            "start_date=2020-02-11&end_date=2020-02-11, 0, 1", "end_date=2020-02-11&zone=Asia/Tokyo, 0, 0",
            "start_date=2020-02-12&end_date=2020-02-12&zone=Asia/Tokyo, 0, 1"})
    void countsTheDaysOfTheRange(String query, int birds, int calls) {
        as("viewer").get("/api/v1/interactions/4?" + query).then().statusCode(200)
                .body("data.interactions.Bird", equalTo(birds)).body("data.interactions.Call", equalTo(calls));
    }

    @Test
    void answersAsATable() {
        assertThat(get("/api/v1/interactions/4?format=csv"))
                .isEqualTo("channel,interactions\r\nBird,1\r\nBoat,0\r\nCall,1\r\nEmail,0\r\nPost,0\r\n");
        as("viewer").get("/api/v1/interactions/4?format=xlsx").then().statusCode(200)
                .header("Content-Disposition", containsString("interactions-4.xlsx"));
    }

    @ParameterizedTest
    @CsvSource({"/api/v1/interactions/0, 400, Invalid customer_id provided",
            "/api/v1/interactions/-1, 400, Invalid customer_id provided",
            "/api/v1/stats/interactions/abc, 400, Invalid customer_id provided",
            "/api/v1/interactions/4.0, 400, Invalid customer_id provided",
            "/api/v1/interactions/99999999999999999999, 400, Invalid customer_id provided",
            "/api/v1/interactions/5, 404, Customer not found",
            "/api/v1/interactions/4?start_date=01.01.2020, 400, Invalid start_date format. Use YYYY-MM-DD.",
            "/api/v1/stats/interactions/4?end_date=2020-02-30, 400, Invalid end_date format. Use YYYY-MM-DD.",
            "/api/v1/interactions/4?start_date=2020-02-02&end_date=2020-02-01, 400, start_date must not be after end_date.",
            "/api/v1/interactions/4?zone=Mars, 400, Invalid zone. Use an IANA name such as Europe/Luxembourg."})
    void refuses(String path, int status, String sentence) {
        as("viewer").get(path).then().statusCode(status).body("error", equalTo(sentence))
                .body("detail", equalTo(sentence));
    }

    @Test
    void countsATopicInTheMonthsInWhichItWasDiscussed() {
        String sand = "{\"data\":{\"customer_id\":21,\"topic\":\"sand\",\"topic_rule\":\"same_month\",\"interactions\":"
                + "{\"Bird\":0,\"Boat\":1,\"Call\":1,\"Email\":0,\"Post\":0}}}";
        post(Workbooks.standard().customer(21, "Sailor", "Blue").interaction("31/12/2018 23:59", "Post", 21)
                .interaction("01/01/2019 00:00", "Boat", 21).interaction("28/02/2019 23:59", "Call", 21)
                .interaction("01/03/2019", "Bird", 21));

        assertThat(get("/api/v1/interactions/21?topic=sand")).isEqualTo(sand);
        as("viewer").queryParam("topic", " SAND ").get("/api/v1/interactions/21").then()
                .body(equalTo(sand.replace("sand", " SAND ")));
        as("viewer").queryParam("topic", " ").get("/api/v1/interactions/21").then().statusCode(400);
        as("viewer").get("/api/v1/interactions/21?topic=Sand&zone=Europe/Paris").then()
                .body("data.interactions.Post", equalTo(1)).body("data.interactions.Call", equalTo(0));
        as("viewer").get("/api/v1/interactions/21?topic=Glass").then().statusCode(200)
                .body("data.interactions.values().sum()", equalTo(0));
    }

    private static void post(Workbooks workbook) {
        as("operator").multiPart("file", "more.xlsx", workbook.bytes()).post("/api/v1/imports").then().statusCode(201);
    }

    @Test
    void groupsInteractions() {
        assertThat(get("/api/v1/stats/interactions?group_by=customer,channel")).isEqualTo(
                "{\"group_by\":[\"customer\",\"channel\"],\"start_date\":null,\"end_date\":null,\"zone\":\"UTC\",\"as_of\":\"now\","
                        + "\"data\":[{\"customer_id\":1,\"channel\":\"Email\",\"interactions\":1},"
                        + "{\"customer_id\":3,\"channel\":\"Email\",\"interactions\":1},"
                        + "{\"customer_id\":4,\"channel\":\"Bird\",\"interactions\":1},"
                        + "{\"customer_id\":4,\"channel\":\"Call\",\"interactions\":1}],\"count\":4}");
        assertThat(get("/api/v1/stats/interactions?group_by=month&format=csv"))
                .isEqualTo("month,interactions\r\n2019-10,1\r\n2020-02,1\r\n2020-03,1\r\n2021-06,1\r\n");
        assertThat(get("/api/v1/stats/interactions?group_by=customer_type&format=csv"))
                .isEqualTo("customer_type,interactions\r\nBlue,1\r\nRed,1\r\n,2\r\n");
        assertThat(get("/api/v1/stats/interactions?group_by=channel,customer_type&end_date=2020-02-28&format=csv"))
                .isEqualTo("channel,customer_type,interactions\r\nCall,,1\r\nEmail,Red,1\r\n");
    }

    @Test
    void groupsByTopic() {
        post(Workbooks.standard().interaction("04/10/2021", "Fax", "1, 3").product("10-2021", "orange")
                .product("10/2021", "Glass"));

        assertThat(get("/api/v1/stats/interactions?group_by=topic,channel")).contains("\"topic_rule\":\"same_month\"",
                "\"data\":[{\"topic\":\"Glass\",\"channel\":\"Fax\",\"interactions\":2},"
                        + "{\"topic\":\"Orange\",\"channel\":\"Fax\",\"interactions\":2}]");
    }

    @Test
    void tablesEveryCustomer() {
        post(Workbooks.standard().interaction("04/10/2021", "fax", "1, 3"));

        assertThat(get("/api/v1/stats/interactions/all?format=csv")).isEqualTo("""
                                                                               customer_id,Bird,Boat,Call,Email,fax,Post
                                                                               1,0,0,0,1,1,0
                                                                               2,0,0,0,0,0,0
                                                                               3,0,0,0,1,1,0
                                                                               4,1,0,1,0,0,0
                                                                               11,0,0,0,0,0,0
                                                                               12,0,0,0,0,0,0
                                                                               """.replace("\n", "\r\n"));
        assertThat(get("/api/v1/stats/interactions/all?start_date=2021-06-05")).contains(
                "{\"customer_id\":3,\"Bird\":0,\"Boat\":0,\"Call\":0,\"Email\":0,\"fax\":1,\"Post\":0}",
                "{\"customer_id\":4,\"Bird\":0,\"Boat\":0,\"Call\":0,\"Email\":0,\"fax\":0,\"Post\":0}");
    }

    @Test
    void countsCustomersByType() {
        assertThat(get("/api/v1/stats/customers?group_by=type")).isEqualTo(
                "[{\"customer_type\":\"Blue\",\"customers\":1},{\"customer_type\":\"Orange\",\"customers\":2},"
                        + "{\"customer_type\":\"Red\",\"customers\":2},{\"customer_type\":null,\"customers\":1}]");
        assertThat(get("/api/v1/stats/customers?group_by=type&start_date=2020-03-05&format=csv"))
                .isEqualTo("customer_type,customers\r\nBlue,1\r\n,1\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?group_by=", "?group_by=colour", "?group_by=channel,channel",
            "?group_by=channel,month,topic", "?group_by=channel,"})
    void refusesOtherGroups(String query) {
        as("viewer").get("/api/v1/stats/interactions" + query).then().statusCode(400).body("error", equalTo(
                "Invalid group_by. Use one or two of customer, channel, topic, customer_type, month, separated by a comma."));
    }

    @Test
    void hasATagThatChangesWithTheData() {
        String path = "/api/v1/interactions/4";
        String tag = as("viewer").get(path).header("ETag");
        as("viewer").header("If-None-Match", tag).get(path).then().statusCode(304);

        as("operator").multiPart("file", "same.xlsx", Workbooks.contract().bytes()).post("/api/v1/imports");
        as("viewer").header("If-None-Match", tag).get(path).then().statusCode(304);

        post(Workbooks.standard().interaction("04/10/2021", "Call", "4"));
        as("viewer").header("If-None-Match", tag).get(path).then().statusCode(200)
                .body("data.interactions.Call", equalTo(2));
    }

    @Test
    void isForThoseWhoMay() {
        as("viewer").multiPart("file", "book.xlsx", Workbooks.contract().bytes()).post("/api/v1/imports").then()
                .statusCode(403);
        as("viewer").delete("/api/v1/imports/0").then().statusCode(403);
        as("viewer").get("/api/v1/imports").then().statusCode(200).body("data", hasSize(1));
        io.restassured.RestAssured.get("/api/v1/interactions/4").then().statusCode(401);
    }

    @Test
    void keepsWhatTheDatabaseShows() {
        List<String> visible = InteractionsDatabase.visible();

        assertThat(visible).contains("customer 4 null null", "customer 11 Doctor Orange", "discussion sand 2019-02-01",
                "interaction 4 2020-03-05 11:23:00 bird 1").hasSize(6 + 3 + 2 + 3 + 4);
    }
}
