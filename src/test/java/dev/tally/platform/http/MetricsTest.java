package dev.tally.platform.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;

import dev.tally.testsupport.UsersForTests;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;

@QuarkusTest
class MetricsTest {
    @Test
    void holdNothingThatACallerSent() {
        given().get("/nowhere/352621999999?x=1");
        given().get("/docs?x=352621999999");
        viewer().put("/api/usage/352621999999");
        viewer().get("/api/usage/352621999999?start_date=x");
        viewer().get("/nowhere/352621999999?x=1");

        // A request is counted after its answer.
        await().untilAsserted(() -> assertThat(metrics()).contains("status=\"401\",uri=\"UNKNOWN\"",
                "status=\"405\",uri=\"UNKNOWN\"", "status=\"404\",uri=\"NOT_FOUND\"", "status=\"200\",uri=\"/docs\"",
                "status=\"400\",uri=\"/api/usage/{msisdn}\""));
        assertThat(metrics()).doesNotContain("352621999999", "nowhere");
    }

    @Test
    void showTheConnectionsAndTheMemory() {
        viewer().get("/api/usage/352621999999").then().statusCode(200);

        await().untilAsserted(() -> assertThat(metrics()).contains("sql_pool_active{", "sql_pool_queue_size{",
                "sql_pool_queue_delay_seconds_max{").contains("pool_name=\"tally\""));
        assertThat(metrics()).contains("agroal_awaiting_count", "agroal_active_count", "jvm_memory_used_bytes");
    }

    private static String metrics() {
        return viewer().get("/q/metrics").then().statusCode(200).extract().asString();
    }

    private static RequestSpecification viewer() {
        return UsersForTests.as("viewer");
    }
}
