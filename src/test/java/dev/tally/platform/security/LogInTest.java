package dev.tally.platform.security;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tally.testsupport.UsersForTests;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;

@QuarkusTest
class LogInTest {
    @ParameterizedTest
    @ValueSource(strings = {"/probe/viewer", "/no/such/path", "/q/metrics", "/api/usage/352621000001", "/admin/users",
            "/consoles", "/index.htm", "/whoami"})
    void asksAStrangerToLogIn(String path) {
        Response answer = given().get(path);

        assertChallenge(answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic not-base64!", "Basic bm9jb2xvbg==", "Basic ", "Bearer abc", "Basic dmlld2VyOndyb25n",
            "Basic bm9ib2R5OnZpZXdlcjEyMw==", "Basic dmlld2VyOg=="})
    void refusesCredentialsThatAreNotRight(String header) {
        Response answer = given().header("Authorization", header).get("/probe/viewer");

        assertChallenge(answer);
    }

    @Test
    void refusesWrongCredentialsAlsoWhereNoneAreNeeded() {
        given().auth().preemptive().basic("viewer", "wrong").get("/health").then().statusCode(401);
    }

    @ParameterizedTest
    @CsvSource({
            "viewer,   viewer, 200", "viewer,   operator, 403", "viewer,   admin, 403",
            "operator, viewer, 200", "operator, operator, 200", "operator, admin, 403",
            "admin,    viewer, 200", "admin,    operator, 200", "admin,    admin, 200"})
    void letsEachRoleDoWhatTheLesserOnesMay(String user, String role, int status) {
        UsersForTests.as(user).get("/probe/" + role).then().statusCode(status);
    }

    @Test
    void answersAMissingRoleWithAProblem() {
        UsersForTests.as("viewer").get("/probe/admin").then().statusCode(403)
                .contentType("application/problem+json").body("code", is("FORBIDDEN"))
                .header("WWW-Authenticate", nullValue());
    }

    @Test
    void deniesAnEndpointThatSaysNothingOfWhoMayCallIt() {
        UsersForTests.as("admin").get("/probe/unannotated").then().statusCode(403)
                .body("code", is("FORBIDDEN"));
    }

    @Test
    void stillKnowsThePasswordAfterAWrongOne() {
        UsersForTests.as("viewer").get("/probe/viewer").then().statusCode(200);
        given().auth().preemptive().basic("viewer", "viewer123").get("/probe/viewer").then().statusCode(401);
        UsersForTests.as("viewer").get("/probe/viewer").then().statusCode(200);
        given().auth().preemptive().basic("viewer", "viewer123").get("/probe/viewer").then().statusCode(401);
    }

    @Test
    void showsMetricsToAnyKnownIdentity() {
        UsersForTests.as("viewer").get("/q/metrics").then().statusCode(200)
                .body(containsString("jvm_memory"));
    }

    private static void assertChallenge(Response answer) {
        String detail = answer.then().statusCode(401).contentType("application/problem+json")
                .header("WWW-Authenticate", "Basic realm=\"Tally\"").body("code", is("UNAUTHENTICATED"))
                .body("instance", equalTo(answer.header("X-Request-Id"))).extract().path("detail");
        answer.then().body("error", is(detail));
    }
}
