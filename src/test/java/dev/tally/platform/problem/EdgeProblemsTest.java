package dev.tally.platform.problem;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;

import java.util.Arrays;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tally.testsupport.UsersForTests;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;

/** Faults of each kind on the application's own endpoints. {@link ProblemTest} has more, on endpoints of the tests. */
@QuarkusTest
class EdgeProblemsTest {
    private static final int MORE_THAN_A_BODY_MAY_HAVE = 2_000_000;
    private static final int MORE_THAN_JSON_MAY_HAVE = 1_100;

    @ParameterizedTest
    @CsvSource({
            "GET,    /no/such/path,                        NOT_FOUND",
            "DELETE, /api/usage/12345,                     METHOD_NOT_ALLOWED",
            "GET,    /api/usage/12345?format=pdf,          NOT_ACCEPTABLE",
            "GET,    /api/usage/12,                        MSISDN_INVALID",
            "GET,    /api/usage/12345?start_date=x,        DATE_INVALID",
            "GET,    /api/usage/12345?zone=Mars/Base,      ZONE_INVALID",
            "GET,    /api/usage/12345?fill=zero,           RANGE_INVALID",
            "GET,    /api/usage/top?limit=many,            PARAMETER_INVALID",
            "GET,    /api/usage/top?limit=0,               REQUEST_INVALID",
            "POST,   /api/usage/cdrs,                      FORBIDDEN"})
    void answersWithAProblem(String method, String path, ProblemCode code) {
        Response answer = UsersForTests.as("viewer").contentType("text/csv").request(method, path);

        assertProblem(answer, code);
    }

    @ParameterizedTest
    @CsvSource({"application/json, {, BODY_INVALID", "application/json, {}, REQUEST_INVALID",
            "application/json, '{\"msisdns\":[\"12345\"],\"other\":1}', BODY_INVALID",
            "text/plain, x, MEDIA_TYPE_UNSUPPORTED"})
    void answersABodyThatIsNoneWithAProblem(String type, String body, ProblemCode code) {
        Response answer = UsersForTests.as("viewer").contentType(type).body(body).post("/api/usage/search");

        assertProblem(answer, code);
    }

    @Test
    void answersABodyThatIsTooLargeWithAProblem() {
        byte[] body = new byte[MORE_THAN_A_BODY_MAY_HAVE];
        Arrays.fill(body, (byte) ' ');

        assertProblem(UsersForTests.as("viewer").contentType("application/json").body(body).post("/api/usage/search"),
                ProblemCode.BODY_TOO_LARGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "1"})
    void answersABodyThatIsTooDeepOrTooLongWithAProblem(String repeated) {
        String body = "{\"msisdns\":" + repeated.repeat(MORE_THAN_JSON_MAY_HAVE);

        assertProblem(UsersForTests.as("viewer").contentType("application/json").body(body).post("/api/usage/search"),
                ProblemCode.BODY_INVALID);
    }

    @Test
    void readsWhatTheClientAccepts() {
        UsersForTests.as("viewer").header("Accept", "").get("/api/usage/12345").then().statusCode(200)
                .contentType("application/json");

        assertProblem(UsersForTests.as("viewer").header("Accept", "nothing").get("/api/usage/12345"),
                ProblemCode.NOT_ACCEPTABLE);
    }

    @Test
    void answersATextThatNoDatabaseHasWithAProblem() {
        assertProblem(UsersForTests.as("admin").urlEncodingEnabled(false).get("/admin/users?email_like=a%00"),
                ProblemCode.REQUEST_INVALID);
    }

    @Test
    void asksAStrangerToLogIn() {
        assertProblem(given().get("/api/usage/12345"), ProblemCode.UNAUTHENTICATED);
        assertProblem(given().auth().preemptive().basic("viewer", "wrong").get("/q/metrics"),
                ProblemCode.UNAUTHENTICATED);
    }

    private static void assertProblem(Response answer, ProblemCode code) {
        answer.then().statusCode(code.status()).contentType("application/problem+json")
                .body("code", is(code.name()), "status", is(code.status()), "title", is(code.title()),
                        "instance", equalTo(answer.header("X-Request-Id")));
        assertThat(answer.<String>path("error")).isEqualTo(answer.path("detail"));
    }
}
