package dev.tally.platform.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tally.testsupport.ConsumersForTests;
import dev.tally.testsupport.UsersForTests;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;

/** What is running, for those who run it. */
@QuarkusTest
class InfoTest {
    private static final String INFO = "/q/info";

    @Test
    void isForOperatorsOnly() {
        given().get(INFO).then().statusCode(401);
        ConsumersForTests.signUp().request().get(INFO).then().statusCode(403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"viewer", "operator", "admin"})
    void saysTheVersionAndTheJavaThatRunsIt(String user) {
        Response info = UsersForTests.as(user).get(INFO);

        info.then().statusCode(200).contentType("application/json");
        assertThat(info.jsonPath().<Map<String, Object>>get("build")).containsEntry("artifact", "tally")
                .containsKeys("version", "time");
        assertThat(info.jsonPath().getString("java.version")).startsWith("25");
    }

    /** Nothing of the machine that built it, of the one that runs it, or of people. */
    @Test
    void saysNothingElse() throws UnknownHostException {
        Response info = UsersForTests.as("viewer").get(INFO);

        assertThat(info.jsonPath().<Map<String, Object>>get("")).containsOnlyKeys("build", "java");
        assertThat(info.jsonPath().<Map<String, Object>>get("build").keySet()).isSubsetOf("enabled", "name", "group",
                "artifact", "version", "quarkusVersion", "time");
        assertThat(info.jsonPath().<Map<String, Object>>get("java").keySet()).isSubsetOf("version", "vendor",
                "vendorVersion");
        assertThat(info.asString()).doesNotContain(System.getProperty("user.name"),
                InetAddress.getLocalHost().getHostName(), System.getProperty("user.dir"));
    }
}
