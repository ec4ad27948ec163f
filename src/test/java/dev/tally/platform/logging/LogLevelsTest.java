package dev.tally.platform.logging;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;

import java.time.Duration;
import java.time.Instant;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tally.testsupport.UsersForTests;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;

@QuarkusTest
class LogLevelsTest {
    private static final String CATEGORY = "dev.tally.interactions";

    @AfterEach
    void setBack() {
        UsersForTests.as("admin").delete("/admin/log-levels/" + CATEGORY).then().statusCode(204);
    }

    @Test
    void areChangedForAWhileAndShown() {
        Instant from = Instant.now().minusSeconds(1);
        ValidatableResponse answer = put(CATEGORY, "{\"level\":\"debug\",\"minutes\":5}").statusCode(200)
                .header("Cache-Control", equalTo("no-store"))
                .body("category", equalTo(CATEGORY)).body("level", equalTo("debug")).body("set_by", equalTo("admin"));

        Instant until = Instant.parse(answer.extract().path("until"));
        assertThat(until).isBetween(from.plus(Duration.ofMinutes(5)), Instant.now().plus(Duration.ofMinutes(5)));
        UsersForTests.as("admin").get("/admin/log-levels").then().statusCode(200)
                .body("data.category", hasItem(CATEGORY));
    }

    @Test
    void areSetBack() {
        put(CATEGORY, "{\"level\":\"debug\"}").statusCode(200);

        UsersForTests.as("admin").delete("/admin/log-levels/" + CATEGORY).then().statusCode(204);

        UsersForTests.as("admin").get("/admin/log-levels").then().statusCode(200)
                .body("data.category", not(hasItem(CATEGORY)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"level\":\"trace\"}", "{\"level\":\"DEBUG\"}",
            "{\"level\":\"debug\",\"minutes\":0}", "{\"level\":\"debug\",\"minutes\":100000}",
            "{\"level\":\"debug\",\"hours\":1}"})
    void areNotChangedBy(String request) {
        put(CATEGORY, request).statusCode(400);

        UsersForTests.as("admin").get("/admin/log-levels").then().body("data.category", not(hasItem(CATEGORY)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"io.quarkus.elytron.security.properties", "io.quarkus", "org", "sun.net.www.protocol.http",
            "software.amazon.awssdk.http.auth", "java.lang", "dev.tallyho", "dev..tally", "dev.tally%0A", "-"})
    void ofOthersAreRefused(String category) {
        given().urlEncodingEnabled(false).header("Authorization", UsersForTests.basic("admin"))
                .contentType(ContentType.JSON).body("{\"level\":\"debug\"}").put("/admin/log-levels/" + category)
                .then().statusCode(400).body("code", equalTo("LOG_CATEGORY_REFUSED"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"viewer", "operator"})
    void areForAdministrators(String user) {
        UsersForTests.as(user).get("/admin/log-levels").then().statusCode(403);
        UsersForTests.as(user).contentType(ContentType.JSON).body("{\"level\":\"debug\"}")
                .put("/admin/log-levels/" + CATEGORY).then().statusCode(403);
        UsersForTests.as(user).delete("/admin/log-levels/" + CATEGORY).then().statusCode(403);
        given().get("/admin/log-levels").then().statusCode(401);
    }

    private static ValidatableResponse put(String category, String request) {
        return UsersForTests.as("admin").contentType(ContentType.JSON).body(request)
                .put("/admin/log-levels/" + category).then();
    }
}
