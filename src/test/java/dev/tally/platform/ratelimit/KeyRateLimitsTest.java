package dev.tally.platform.ratelimit;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.is;

import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.tally.testsupport.UsersForTests;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;

/** Limits of keys, counted in PostgreSQL, where a request has to wait for it. Each test has a key of its own. */
@QuarkusTest
@TestProfile(KeyRateLimitsTest.InPostgres.class)
class KeyRateLimitsTest {
    private static final String PATH = "/limited-for-tests";

    /** As {@link RateLimitsTest.Few}, but for the store. */
    public static final class InPostgres implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            Map<String, String> all = new HashMap<>(new RateLimitsTest.Few().getConfigOverrides());
            all.put("tally.rate-limit.state", "postgres");
            return all;
        }
    }

    @Test
    void countsTheRequestsOfAKey() {
        for (int left = 2; left >= 0; left--) {
            Response answer = as(1).get(PATH);

            assertThat(answer.asString()).isEqualTo("3 " + left);
            assertThat(answer.header("RateLimit-Policy")).isEqualTo("\"key\";q=3;w=3600");
            assertThat(answer.header("RateLimit")).matches("\"key\";r=" + left + ";t=[0-9]+");
        }

        Response refused = as(1).get(PATH);

        refused.then().statusCode(429).contentType("application/problem+json").body("code", is("RATE_LIMITED"));
        assertThat(Integer.parseInt(refused.header("Retry-After"))).isBetween(600, 1_200);
        assertThat(refused.header("RateLimit")).matches("\"key\";r=0;t=3[0-9]{3}");
        as(2).get(PATH).then().statusCode(200);
    }

    @ParameterizedTest
    @CsvSource({"101, /table, 200", "102, /admin, 403", "103, /nothing, 404"})
    void saysSoOnEveryAnswer(int key, String path, int status) {
        Response answer = as(key).get(PATH + path);

        assertThat(answer.header("RateLimit-Policy")).isEqualTo("\"key\";q=3;w=3600");
        assertThat(answer.header("RateLimit")).matches("\"key\";r=2;t=1200");
        assertThat(answer.statusCode()).isEqualTo(status);
    }

    @Test
    void losesNothingOfABodyWhileARequestIsCounted() {
        String body = "x".repeat(1_000_000);

        as(3).contentType("text/plain").body(body).post(PATH).then().statusCode(200).body(is("1000000"));
    }

    @Test
    void limitsNoOperator() {
        for (int i = 0; i < 5; i++) {
            UsersForTests.as("admin").get(PATH + "/admin").then().statusCode(200);
        }
    }

    private static RequestSpecification as(int keyId) {
        return given().header(ConsumerLogInForTests.HEADER, keyId);
    }
}
