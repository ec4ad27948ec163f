package dev.tally.reports;

import static dev.tally.testsupport.UsersForTests.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tally.platform.table.TableFormat;
import dev.tally.testsupport.GcoreForTests;
import dev.tally.testsupport.GcoreSteering;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;

/** The same order sent again with the same Idempotency-Key makes nothing new, and is answered as before. */
@QuarkusTest
class OrderKeysTest {
    private final GcoreSteering gcore = GcoreForTests.steering();
    private final String key = UUID.randomUUID().toString();

    @BeforeEach
    void reset() {
        gcore.reset();
    }

    private static void awaitCompleted(String location) {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> as("viewer").get(location).path("status").equals("completed"));
    }

    private Response post(Orders order, String accept, String prefer) {
        return order.request().header("Idempotency-Key", key).header("Prefer", prefer).accept(accept)
                .post("/reports/cloud");
    }

    @ParameterizedTest
    @ValueSource(strings = {TableFormat.JSON, TableFormat.CSV, TableFormat.XLSX})
    void replaysRowsByteForByte(String format) {
        Orders order = Orders.ofADay();

        Response first = post(order, format, "wait=20");
        Response again = post(order, format, "wait=20");

        first.then().statusCode(200).contentType(format).header("Idempotency-Replayed", nullValue());
        again.then().statusCode(200).contentType(format).header("Idempotency-Replayed", "true")
                .header("Content-Location", first.header("Content-Location"))
                .header("Preference-Applied", "wait=20");
        assertThat(again.asByteArray()).isEqualTo(first.asByteArray());
        assertThat(gcore.count("start")).isEqualTo(1);
    }

    @Test
    void replaysTheAcceptedJobThoughItHasEndedMeanwhile() {
        Orders order = Orders.ofADay();

        Response first = post(order, TableFormat.JSON, "respond-async");
        String location = first.then().statusCode(202).extract().header("Location");
        awaitCompleted(location);
        Response again = post(order, TableFormat.JSON, "respond-async");

        again.then().statusCode(202).header("Location", location).header("Idempotency-Replayed", "true")
                .header("Retry-After", first.header("Retry-After")).header("Preference-Applied", "respond-async");
        assertThat(again.asByteArray()).isEqualTo(first.asByteArray());
    }

    @Test
    void replaysWhyThereCanBeNoReport() {
        gcore.option("productsWithoutFeatures", List.of("CDN", "Cloud", "WAAP"));
        await().pollDelay(Duration.ofMillis(1_100)).until(() -> true);
        Orders order = Orders.ofADay();

        Response first = post(order, TableFormat.JSON, "wait=20");
        gcore.reset();
        await().pollDelay(Duration.ofMillis(1_100)).until(() -> true);
        Response again = post(order, TableFormat.JSON, "wait=20");

        first.then().statusCode(422).contentType("application/problem+json")
                .body("code", equalTo("REPORT_FEATURES_MISSING"));
        again.then().statusCode(422).contentType("application/problem+json").header("Idempotency-Replayed", "true");
        assertThat(again.asByteArray()).isEqualTo(first.asByteArray());
    }

    @Test
    void mayBeTriedAgainAfterAFaultOfGcores() {
        gcore.script("Failed", null, null);
        Orders order = Orders.ofADay();

        post(order, TableFormat.JSON, "wait=20").then().statusCode(502);
        Response again = post(order, TableFormat.JSON, "wait=20");

        again.then().statusCode(200).header("Idempotency-Replayed", nullValue()).body("count", equalTo(4));
    }

    @Test
    void refusesTheKeyForAnotherOrder() {
        String location = post(Orders.ofADay(), TableFormat.JSON, "respond-async").then().statusCode(202).extract()
                .header("Location");

        post(Orders.ofADay(), TableFormat.JSON, "respond-async").then().statusCode(422)
                .body("code", equalTo("IDEMPOTENCY_KEY_REUSED"));
        as("operator").contentType("application/json").body(Orders.ofADay().body())
                .header("Idempotency-Key", "two words")
                .post("/reports/cdn").then().statusCode(400).body("code", equalTo("IDEMPOTENCY_KEY_INVALID"));

        // So that it is not counted as one of the next test.
        awaitCompleted(location);
    }

    @Test
    void answersWhoComesInBetweenThatItIsBusy() throws Exception {
        gcore.script("Completed", Duration.ofSeconds(6), null);
        Orders order = Orders.ofADay();
        Callable<Response> client = () -> post(order, TableFormat.JSON, "wait=20");

        try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Response>> answers = clients.invokeAll(List.of(client, client, client));
            List<Integer> statuses = answers.stream().map(answer -> answer.resultNow().statusCode()).sorted().toList();
            assertThat(statuses).containsExactly(200, 409, 409);
            answers.stream().map(Future::resultNow).filter(answer -> answer.statusCode() == 409)
                    .forEach(answer -> answer.then().header("Retry-After", notNullValue())
                            .body("code", equalTo("IDEMPOTENCY_KEY_IN_USE")));
        }
        client.call().then().statusCode(200).header("Idempotency-Replayed", "true");
        assertThat(gcore.count("start")).isEqualTo(1);
    }
}
