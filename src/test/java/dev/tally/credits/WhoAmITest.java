package dev.tally.credits;

import static dev.tally.testsupport.UsersForTests.as;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;

import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.tally.testsupport.ConsumersForTests;
import io.quarkus.test.junit.QuarkusTest;

@QuarkusTest
class WhoAmITest {
    @ParameterizedTest
    @CsvSource({"viewer, viewer", "operator, 'operator,viewer'", "admin, 'admin,operator,viewer'"})
    void tellsAnOperatorItsRoles(String user, String roles) {
        as(user).get("/whoami").then().statusCode(200).header("Cache-Control", "no-store")
                .body("keySet()", equalTo(Set.of("kind", "name", "roles"))).body("kind", equalTo("operator"))
                .body("name", equalTo(user)).body("roles", equalTo(List.of(roles.split(","))));
    }

    @Test
    void tellsAConsumerWhatItsKeyReaches() {
        ConsumersForTests.Signed signed = ConsumersForTests.signUp("reports,calls");

        signed.request().get("/whoami").then().statusCode(200).header("Cache-Control", "no-store")
                .body("keySet()", equalTo(Set.of("kind", "name", "scopes"))).body("kind", equalTo("consumer"))
                .body("name", equalTo(signed.email())).body("scopes", equalTo(List.of("calls", "reports")));
        ConsumersForTests.signUp().request().get("/whoami").then().statusCode(200).body("scopes", empty());
    }

    @Test
    void tellsNobodyElseAnything() {
        given().get("/whoami").then().statusCode(401).body("code", equalTo("UNAUTHENTICATED"));
        given().header("x-api-key", "not-a-key").get("/whoami").then().statusCode(401)
                .body("code", equalTo("API_KEY_INVALID"));
    }
}
