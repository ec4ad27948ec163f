package dev.tally.reports;

import static dev.tally.testsupport.UsersForTests.as;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.tally.testsupport.ConsumersForTests;
import dev.tally.testsupport.EventReader;
import dev.tally.testsupport.GcoreForTests;
import dev.tally.testsupport.GcoreSteering;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;

/** Reports are followed by server-sent events. Gcore is the stand-in, which is asked once a second. */
@QuarkusTest
class ReportEventsTest {
    private static final String EVENTS = "text/event-stream";

    private final GcoreSteering gcore = GcoreForTests.steering();

    @BeforeEach
    void reset() {
        gcore.reset();
    }

    private static String order(String product) {
        return Orders.ofADay().postAsync(product).then().statusCode(202).extract().header("Location");
    }

    @Test
    void tellsEachChangeOfTheJobAndEndsWithTheLast() throws Exception {
        gcore.script("Completed", Duration.ofSeconds(6), "InProgress");
        String location = order("cloud");

        List<JsonNode> events;
        try (EventReader reader = EventReader.follow("viewer", location + "/events")) {
            assertThat(reader.status()).isEqualTo(200);
            assertThat(reader.header("Content-Type")).startsWith(EVENTS);
            assertThat(reader.header("Cache-Control")).isEqualTo("no-store");
            assertThat(reader.header("X-Accel-Buffering")).isEqualTo("no");
            assertThat(reader.header("Content-Encoding")).isEmpty();
            events = reader.awaitEnd();
        }

        assertThat(events).hasSizeGreaterThanOrEqualTo(2).doesNotHaveDuplicates();
        assertThat(events).extracting(event -> event.path("status").asText()).contains("in_progress")
                .endsWith("completed");
        assertThat(events).extracting(event -> event.path("progress").decimalValue()).isSorted();
        String list = as("operator").get("/reports?limit=100").asString();
        for (JsonNode listed : new ObjectMapper().readTree(list).path("data")) {
            if (location.endsWith(listed.path("uuid").asText())) {
                assertThat(events.getLast()).isEqualTo(listed);
            }
        }
        assertThat(events.getLast().path("count").asInt()).isEqualTo(4);
        assertThat(events.getLast().has("data")).isFalse();
    }

    @Test
    void tellsOfAReportThatHasEndedOnce() {
        String uuid = Orders.ofADay().post("cdn").path("uuid");

        try (EventReader reader = EventReader.follow("viewer", "/reports/gcore/" + uuid + "/events")) {
            assertThat(reader.awaitEnd()).singleElement()
                    .satisfies(event -> assertThat(event.path("status").asText()).isEqualTo("completed"));
        }
    }

    @Test
    void tellsEveryoneOfACancellation() {
        gcore.script("never", null, null);
        String location = order("waap");

        try (EventReader one = EventReader.follow("viewer", location + "/events");
                EventReader other = EventReader.follow("admin", location + "/events")) {
            as("operator").delete(location).then().statusCode(200);

            assertThat(one.awaitEnd()).last()
                    .satisfies(event -> assertThat(event.path("status").asText()).isEqualTo("cancelled"));
            assertThat(other.awaitEnd().getLast()).isEqualTo(one.events().getLast());
        }
    }

    @Test
    void isForThoseWhoMaySeeTheReport() {
        String path = "/reports/gcore/" + Orders.ofADay().post("cdn").path("uuid") + "/events";
        ConsumersForTests.Signed without = ConsumersForTests.signUp("calls");
        ConsumersForTests.Signed other = ConsumersForTests.signUp("reports");

        given().accept(EVENTS).get(path).then().statusCode(401);
        without.request().accept(EVENTS).get(path).then().statusCode(403);
        other.request().accept(EVENTS).get(path).then().statusCode(404).contentType("application/problem+json")
                .body("code", equalTo("REPORT_NOT_FOUND"));
        as("viewer").accept(EVENTS).get("/reports/gcore/" + UUID.randomUUID() + "/events").then().statusCode(404);
        as("viewer").accept("application/json").get(path).then().statusCode(406);
    }

    @Test
    void isForTheConsumerWhoAskedForIt() {
        ConsumersForTests.Signed consumer = ConsumersForTests.signUp("reports");
        String location = consumer.request().contentType("application/json").body(Orders.ofADay().body())
                .header("Prefer", "respond-async").post("/reports/cdn").then().statusCode(202).extract()
                .header("Location");

        String events = consumer.request().accept(EVENTS).get(location + "/events").then().statusCode(200).extract()
                .asString();

        assertThat(events).contains("\"status\":\"completed\"");
    }

    @Test
    void endsWhenTheKeyIsRevokedOrMayDoSomethingElse() {
        gcore.script("never", null, null);
        ConsumersForTests.Signed consumer = ConsumersForTests.signUp("reports");
        String location = consumer.request().contentType("application/json").body(Orders.ofADay().body())
                .header("Prefer", "respond-async").post("/reports/cdn").then().statusCode(202).extract()
                .header("Location");

        try (EventReader reader = follow(consumer, location)) {
            ConsumersForTests.execute("UPDATE users SET scopes = '{reports,calls}' WHERE id = " + consumer.userId());

            assertThat(reader.awaitEnd()).isNotEmpty().noneSatisfy(ReportEventsTest::hasEnded);
        }
        try (EventReader reader = follow(consumer, location)) {
            ConsumersForTests.execute("UPDATE api_keys SET revoked_at = now() WHERE user_id = " + consumer.userId());

            assertThat(reader.awaitEnd()).isNotEmpty().noneSatisfy(ReportEventsTest::hasEnded);
        }
        consumer.request().accept(EVENTS).get(location + "/events").then().statusCode(401);
        as("operator").delete(location).then().statusCode(200);
    }

    private static EventReader follow(ConsumersForTests.Signed consumer, String location) {
        EventReader reader = EventReader.follow(HttpRequest
                .newBuilder(URI.create(RestAssured.baseURI + ":" + RestAssured.port + location + "/events"))
                .header("x-api-key", consumer.apiKey()));
        assertThat(reader.status()).isEqualTo(200);
        return reader;
    }

    private static void hasEnded(JsonNode event) {
        assertThat(event.path("status").asText()).isIn("completed", "failed", "cancelled", "timed_out");
    }
}
