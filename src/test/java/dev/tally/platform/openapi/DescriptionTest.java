package dev.tally.platform.openapi;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.tally.platform.openapi.Description.Example;
import dev.tally.platform.openapi.Description.Operation;
import dev.tally.platform.problem.ProblemCode;
import io.quarkus.test.junit.QuarkusTest;

/** The description is written by hand; these tests keep it in step with the code. */
@QuarkusTest
class DescriptionTest {
    private static final Set<Integer> OF_EVERY_CLOSED_OPERATION = Set.of(401, 403, 500);
    private static final int TOO_MANY_REQUESTS = 429;
    private static final Set<Integer> WITHOUT_BODY = Set.of(204, 304);

    @Test
    void isServedAsJson() {
        given().get("/openapi.json").then()
                .statusCode(200)
                .contentType(startsWith("application/json"))
                .body("openapi", equalTo("3.1.0"))
                .body("info.title", equalTo("Tally"));
    }

    @Test
    void isServedAsYaml() {
        String yaml = given().get("/openapi.yaml").then()
                .statusCode(200)
                .contentType(startsWith("application/yaml"))
                .extract().asString();

        assertThat(yaml).contains("openapi: 3.1.0").contains("title: Tally");
    }

    @Test
    void namesEveryEndpointAndNoOther() {
        List<String> described = description().operations().stream().map(Operation::route).toList();

        Set<String> served = Endpoints.of(Path.of("target", "classes"));

        assertThat(described).containsExactlyInAnyOrderElementsOf(served);
    }

    @Test
    void hasAnExampleForEveryParameter() {
        Description description = description();

        assertThat(description.operations()).isNotEmpty().allSatisfy(
                operation -> assertThat(description.parameters(operation)).allSatisfy(parameter -> {
                    assertThat(parameter.path("description").asText()).isNotEmpty();
                    assertThat(parameter.has("schema")).isTrue();
                    assertThat(parameter.has("example")).isTrue();
                }));
    }

    @Test
    void hasAnExampleForEveryAnswerWithABody() {
        Description description = description();

        assertThat(description.operations()).isNotEmpty().allSatisfy(
                operation -> assertThat(description.responses(operation)).allSatisfy(response -> {
                    assertThat(response.getValue().path("content").isEmpty())
                            .isEqualTo(WITHOUT_BODY.contains(response.getKey()));
                    assertThat(response.getValue().path("content"))
                            .allSatisfy(mediaType -> assertThat(Description.examplesOf(mediaType)).isNotEmpty());
                }));
    }

    @Test
    void hasTheCommonFaultsInEveryOperationThatIsNotOpen() {
        List<Operation> closed = description().operations().stream()
                .filter(operation -> !operation.node().has("security") || !operation.node().get("security").isEmpty())
                .toList();

        assertThat(closed).isNotEmpty().allSatisfy(
                operation -> assertThat(OF_EVERY_CLOSED_OPERATION)
                        .allSatisfy(status -> assertThat(operation.node().path("responses").has(status.toString()))
                                .isTrue()));
    }

    @Test
    void saysOfEveryEndpointWhetherAKeyReachesIt() {
        Description description = description();

        List<String> described = description.operations().stream()
                .filter(operation -> description.signInsOf(operation).contains("apiKey")).map(Operation::route)
                .toList();

        assertThat(described).isNotEmpty()
                .containsExactlyInAnyOrderElementsOf(Endpoints.openToKeys(Path.of("target", "classes")));
    }

    @Test
    void namesTheRateLimitsOfEveryOperationThatIsLimited() {
        Description description = description();
        List<Operation> limited = description.operations().stream()
                .filter(operation -> description.signInsOf(operation).contains("apiKey")
                        || operation.route().equals("POST /auth/signup"))
                .toList();

        assertThat(limited).hasSizeGreaterThan(20).allSatisfy(operation -> {
            assertThat(description.responses(operation)).anyMatch(response -> response.getKey() == TOO_MANY_REQUESTS)
                    .allSatisfy(response -> assertThat(response.getValue().path("headers").fieldNames()).toIterable()
                            .contains("RateLimit", "RateLimit-Policy"));
        });
    }

    @Test
    void showsOnlyProblemsThatExist() {
        List<Example> problems = description().examples().stream()
                .filter(example -> example.value().has("code"))
                .toList();

        assertThat(problems).isNotEmpty().allSatisfy(example -> {
            ProblemCode code = ProblemCode.valueOf(example.value().get("code").textValue());
            assertThat(code.status()).isEqualTo(example.status());
            assertThat(example.value().get("status").intValue()).isEqualTo(code.status());
            assertThat(example.value().get("title").textValue()).isEqualTo(code.title());
            assertThat(example.value().get("type").textValue()).isEqualTo("/problems#" + code);
            // The contract gives one of them another sentence.
            assertThat(example.value().get("error").textValue()).isEqualTo(code == ProblemCode.CREDITS_INSUFFICIENT
                    ? code.title()
                    : example.value().get("detail").textValue());
        });
    }

    private static Description description() {
        String json = given().get("/openapi.json").then().statusCode(200).extract().asString();
        try {
            return new Description(new ObjectMapper().readTree(json));
        } catch (JsonProcessingException e) {
            throw new AssertionError("The description is not JSON", e);
        }
    }
}
