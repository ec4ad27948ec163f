package dev.tally.reports;

import static dev.tally.testsupport.UsersForTests.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.tally.testsupport.GcoreForTests;
import dev.tally.testsupport.GcoreSteering;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;

@QuarkusTest
@TestProfile(ReportBoundsTest.Small.class)
class ReportBoundsTest {
    private final GcoreSteering gcore = GcoreForTests.steering();

    /** One open report, nobody waits, and a result may have a few bytes. */
    public static final class Small implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of(
                    "tally.reports.max-open-jobs", "1",
                    "tally.reports.max-waiting-clients", "0",
                    "tally.reports.max-callbacks", "1",
                    "tally.reports.results.max-bytes", "2048");
        }
    }

    @BeforeEach
    @AfterEach
    void reset() {
        gcore.reset();
    }

    private static Response awaitEnd(String location) {
        await().atMost(Duration.ofSeconds(20)).until(() -> as("viewer").get(location).path("expires_at") != null);
        return as("viewer").get(location);
    }

    /** Open reports are counted now and then: there is room some seconds after one has ended. */
    private static String awaitAccepted(Orders order, String product) {
        return await().atMost(Duration.ofSeconds(30)).until(() -> order.postAsync(product).header("Location"),
                location -> location != null);
    }

    @Test
    void beginsNoMoreThanItFollowsButLetsJoin() {
        gcore.script("never", null, null);
        Orders order = Orders.ofADay().with("callback_url", "http://localhost:9/one");
        String location = awaitAccepted(order, "cdn");

        Orders.ofADay().postAsync("cdn").then().statusCode(503).header("Retry-After", notNullValue())
                .body("code", equalTo("TOO_MANY_REPORTS"));
        order.postAsync("cdn").then().statusCode(202).header("Location", location);
        order.with("callback_url", "http://localhost:9/two").postAsync("cdn").then().statusCode(400)
                .body("code", equalTo("CALLBACK_URL_INVALID"));

        as("operator").delete(location).then().statusCode(200);
        String next = awaitAccepted(Orders.ofADay(), "cdn");
        assertThat(next).isNotEqualTo(location);
    }

    @Test
    void answersAtOnceWhenTooManyWait() {
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            Response answer = Orders.ofADay().request().header("Idempotency-Key", UUID.randomUUID().toString())
                    .header("Prefer", "wait=60").post("/reports/cdn");
            return answer.statusCode() == 202;
        });
    }

    @Test
    void keepsNoResultThatIsTooLarge() {
        gcore.option("rows", 5_000);
        String location = awaitAccepted(Orders.ofADay(), "cloud");

        awaitEnd(location).then().body("status", equalTo("failed")).body("error_code", equalTo("RESULT_TOO_LARGE"))
                .body("error", containsString("2048 bytes"));
        assertThat(ReportsDatabase.chunks(location.substring(location.lastIndexOf('/') + 1))).isZero();
    }
}
