package dev.tally.reports;

import static dev.tally.testsupport.UsersForTests.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.tally.testsupport.EventReader;
import dev.tally.testsupport.GcoreForTests;
import dev.tally.testsupport.GcoreSteering;
import dev.tally.testsupport.VirtualThreads;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;

@QuarkusTest
@TestProfile(EventBoundsTest.Small.class)
class EventBoundsTest {
    private final GcoreSteering gcore = GcoreForTests.steering();
    private String location = "";

    /** One stream at a time, which lives for some seconds, on a busy machine too, and says something every second. */
    public static final class Small implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "tally.events.max-streams", "1",
                    "tally.events.max-stream-seconds", "12",
                    "tally.events.look-millis", "100",
                    "tally.events.heartbeat-seconds", "1");
        }
    }

    @BeforeEach
    void orderWhatDoesNotEnd() {
        gcore.reset();
        gcore.script("never", null, null);
        location = Orders.ofADay().postAsync("cdn").then().statusCode(202).extract().header("Location");
    }

    @AfterEach
    void reset() {
        as("operator").delete(location);
        gcore.reset();
    }

    @Test
    void endsAStreamThatHasGrownOldAndKeepsItAliveUntilThen() {
        try (EventReader reader = EventReader.follow("viewer", location + "/events")) {
            reader.awaitEnd();

            assertThat(reader.events()).isNotEmpty()
                    .noneSatisfy(event -> assertThat(event.path("status").asText()).isEqualTo("completed"));
            assertThat(reader.comments()).isPositive();
        }
    }

    @Test
    void looksNoMoreOnceNobodyFollows() {
        try (EventReader reader = EventReader.follow("viewer", location + "/events")) {
            await().until(() -> VirtualThreads.named("event-streams") == 1);

            reader.awaitEnd();
        }

        await().until(() -> VirtualThreads.named("event-streams") == 0);
    }

    @Test
    void refusesOneTooManyUntilAnotherGoes() {
        try (EventReader first = EventReader.follow("viewer", location + "/events")) {
            assertThat(first.status()).isEqualTo(200);

            as("viewer").accept("text/event-stream").get(location + "/events").then().statusCode(503)
                    .contentType("application/problem+json").header("Retry-After", notNullValue())
                    .body("code", equalTo("OVERLOADED"));
        }
        // At once, not when it would have grown old: the client has gone.
        await().atMost(Duration.ofSeconds(8)).until(() -> {
            try (EventReader next = EventReader.follow("viewer", location + "/events")) {
                return next.status() == 200;
            }
        });
    }
}
