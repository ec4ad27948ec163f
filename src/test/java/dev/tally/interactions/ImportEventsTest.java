package dev.tally.interactions;

import static dev.tally.testsupport.UsersForTests.as;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.tally.testsupport.ConsumersForTests;
import dev.tally.testsupport.EventReader;
import io.quarkus.test.junit.QuarkusTest;

/** Imports are followed by server-sent events. */
@QuarkusTest
class ImportEventsTest {
    private static final String IMPORTS = "/api/v1/imports";
    private static final String EVENTS = "text/event-stream";
    private static final int ROWS = 60_000;

    @BeforeEach
    void clear() {
        InteractionsDatabase.clear();
    }

    @Test
    void tellsHowFarAnImportIsAndEndsWithWhatBecameOfIt() throws Exception {
        String location = as("operator").header("Prefer", "respond-async")
                .multiPart("file", "book.xlsx", ImportsTest.many(ROWS).bytes()).post(IMPORTS).then().statusCode(202)
                .extract().header("Location");

        List<JsonNode> events;
        try (EventReader reader = EventReader.follow("viewer", location + "/events")) {
            assertThat(reader.header("Content-Type")).startsWith(EVENTS);
            events = reader.awaitEnd();
        }

        assertThat(events).hasSizeGreaterThanOrEqualTo(2).doesNotHaveDuplicates();
        assertThat(events.getFirst().path("state").asText()).isEqualTo("running");
        assertThat(events).extracting(event -> event.path("progress").decimalValue()).isSorted();
        assertThat(events.getLast()).isEqualTo(new ObjectMapper().readTree(as("viewer").get(location).asString()));
        assertThat(events.getLast().path("state").asText()).isEqualTo("completed");
    }

    @Test
    void tellsTheRejectsOfOneThatFailed() {
        String id = ImportsTest.post(Workbooks.contract().interaction("Käse", "Call", 1), "").path("id");

        try (EventReader reader = EventReader.follow("viewer", IMPORTS + "/" + id + "/events")) {
            assertThat(reader.awaitEnd()).singleElement().satisfies(event -> {
                assertThat(event.path("state").asText()).isEqualTo("failed");
                assertThat(event.path("rejects")).singleElement()
                        .satisfies(reject -> assertThat(reject.path("value").asText()).isEqualTo("Käse"));
            });
        }
    }

    @Test
    void isForThoseWhoMaySeeImports() {
        String path = IMPORTS + "/" + ImportsTest.post(Workbooks.contract(), "").path("id") + "/events";

        given().accept(EVENTS).get(path).then().statusCode(401);
        ConsumersForTests.signUp("interactions").request().accept(EVENTS).get(path).then().statusCode(403);
        as("viewer").accept(EVENTS).get(IMPORTS + "/" + UUID.randomUUID() + "/events").then().statusCode(404);
        as("viewer").accept("text/csv").get(path).then().statusCode(406);
    }
}
