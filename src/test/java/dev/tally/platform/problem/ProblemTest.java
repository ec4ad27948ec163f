package dev.tally.platform.problem;

import static dev.tally.testsupport.RawHttp.VIEWER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.emptyString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tally.testsupport.RawHttp;
import dev.tally.testsupport.UsersForTests;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;

@QuarkusTest
class ProblemTest {
    @Test
    void answersAnUnknownPath() {
        ValidatableResponse answer = viewer().header("X-Request-Id", "abc-1").get("/no/such/path").then();

        assertProblem(answer, ProblemCode.NOT_FOUND);
        answer.body("type", is("/problems#NOT_FOUND")).body("title", is("Not found")).body("instance", is("abc-1"));
    }

    @Test
    void answersAnUnknownMethodWithThoseThatAre() {
        ValidatableResponse answer = viewer().delete("/probe/json").then();

        assertProblem(answer, ProblemCode.METHOD_NOT_ALLOWED);
        answer.header("Allow", is("GET, HEAD, OPTIONS"));
    }

    @Test
    void answersAFormatThatIsNotThere() {
        assertProblem(viewer().accept("image/png").get("/probe/json").then(), ProblemCode.NOT_ACCEPTABLE);
    }

    @Test
    void answersABodyOfAnotherType() {
        assertProblem(viewer().contentType("text/plain").body("x").post("/probe/document").then(),
                ProblemCode.MEDIA_TYPE_UNSUPPORTED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"amount\":", "{\"amount\": 1} x {", "nonsense", "{\"amount\": 0x}"})
    void answersABodyThatIsNotJson(String body) {
        ValidatableResponse answer = viewer().contentType("application/json").body(body).post("/probe/document").then();

        assertProblem(answer, body.startsWith("{\"amount\": 1}")
                ? ProblemCode.REQUEST_INVALID
                : ProblemCode.BODY_INVALID);
    }

    @Test
    void namesTheFieldOfTheWrongType() {
        ValidatableResponse answer = viewer().contentType("application/json").body("{\"amount\":{}}")
                .post("/probe/document").then();

        assertProblem(answer, ProblemCode.BODY_INVALID);
        answer.body("violations[0].field", is("amount")).body("detail", not(containsString("dev.tally")));
    }

    @Test
    void namesAFieldThatThereIsNot() {
        ValidatableResponse answer = viewer().contentType("application/json").body("{\"amont\":1}")
                .post("/probe/document").then();

        assertProblem(answer, ProblemCode.BODY_INVALID);
        answer.body("violations[0].field", is("amont")).body("violations[0].message", is("is not known"))
                .body("detail", not(containsString("dev.tally")));
    }

    @Test
    void namesEachFieldThatBreaksItsRule() {
        ValidatableResponse answer = viewer().contentType("application/json").body("{\"displayName\":\"too long\"}")
                .post("/probe/document").then();

        assertProblem(answer, ProblemCode.REQUEST_INVALID);
        answer.body("violations.field", hasItems("display_name")).body("violations.size()", is(1));
    }

    @Test
    void answersAMissingBody() {
        ValidatableResponse answer = viewer().contentType("application/json").post("/probe/document").then();

        assertProblem(answer, ProblemCode.REQUEST_INVALID);
        answer.body("violations[0].field", is("document"));
    }

    @Test
    void answersParametersThatCannotBeRead() {
        assertProblem(viewer().get("/probe/number/seven").then(), ProblemCode.PARAMETER_INVALID);
        assertProblem(viewer().put("/probe/number/7").then(), ProblemCode.METHOD_NOT_ALLOWED);
        assertProblem(viewer().get("/probe/number/7?pageSize=many").then(), ProblemCode.PARAMETER_INVALID);
    }

    @Test
    void namesTheParameterThatBreaksItsRule() {
        ValidatableResponse answer = viewer().get("/probe/number/7?pageSize=11").then();

        assertProblem(answer, ProblemCode.REQUEST_INVALID);
        answer.body("violations[0].field", is("page_size"));
    }

    @Test
    void hidesWhatFailedInside() {
        ValidatableResponse answer = viewer().get("/probe/fault/unexpected").then();

        assertProblem(answer, ProblemCode.INTERNAL_ERROR);
        answer.body(not(containsString("secret-host")));
    }

    @ParameterizedTest
    @CsvSource({"57014, QUERY_TOO_SLOW", "08006, DATABASE_UNAVAILABLE", "57P01, DATABASE_UNAVAILABLE",
            "53300, DATABASE_UNAVAILABLE", "42P01, DATABASE_NOT_MIGRATED", "3F000, DATABASE_NOT_MIGRATED",
            "42601, INTERNAL_ERROR"})
    void readsTheStateOfTheDatabasesFaults(String state, ProblemCode code) {
        ValidatableResponse answer = viewer().get("/probe/fault/" + state).then();

        assertProblem(answer, code);
        answer.body(not(containsString("secret-host")))
                .header("Retry-After", code == ProblemCode.DATABASE_UNAVAILABLE ? notNullValue() : nullValue());
    }

    @Test
    void carriesExtensionsWhichCannotReplaceItsOwnMembers() {
        ValidatableResponse answer = viewer().get("/probe/fault/extended").then();

        assertProblem(answer, ProblemCode.UPLOAD_REJECTED);
        answer.body("received", is(5)).body("status", is(422)).body("detail", is("Rows are wrong."));
    }

    @Test
    void answersHeadWithoutABody() throws IOException {
        String answer = RawHttp
                .exchange("HEAD /no/such/path HTTP/1.1\r\nHost: a\r\n" + VIEWER + "Connection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 404").contains("application/problem+json").endsWith("\r\n\r\n");
        viewer().head("/probe/fault/unexpected").then().statusCode(500).body(emptyString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "/../../no", "/probe/%00", "/probe/%C3%28", "/probe//x"})
    void answersStrangeAddressesWithAProblem(String target) throws IOException {
        String answer = RawHttp
                .exchange("GET " + target + " HTTP/1.1\r\nHost: a\r\n" + VIEWER + "Connection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 4").contains("application/problem+json");
    }

    /** Quarkus refuses these before anything of ours sees them: without a word, but it does refuse. */
    @ParameterizedTest
    @ValueSource(strings = {"/%zz", "/probe/number/%", "/probe/json?x=%zz", "//"})
    void refusesAddressesThatAreNone(String target) throws IOException {
        String answer = RawHttp.exchange("GET " + target + " HTTP/1.1\r\nHost: a\r\n" + VIEWER
                + "Connection: close\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 400").contains("content-length: 0");
    }

    @Test
    void answersABodyThatIsTooLargeAlsoOverHttp2() throws Exception {
        URI uri = URI.create("http://localhost:" + RestAssured.port + "/probe/body");
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(uri)
                    .header("Authorization", UsersForTests.basic("viewer")).header("Content-Type", "text/plain")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[2_000_000])).build();
            client.send(HttpRequest.newBuilder(uri.resolve("/health")).build(),
                    HttpResponse.BodyHandlers.discarding());

            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());

            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(answer.statusCode()).isEqualTo(413);
            assertThat(answer.body()).contains("BODY_TOO_LARGE");
        }
    }

    private static RequestSpecification viewer() {
        return UsersForTests.as("viewer");
    }

    private static void assertProblem(ValidatableResponse answer, ProblemCode code) {
        String detail = answer.statusCode(code.status()).contentType(equalTo("application/problem+json"))
                .header("Cache-Control", "no-store")
                .header("X-Request-Id", notNullValue()).body("code", is(code.name())).body("status", is(code.status()))
                .body("title", is(code.title())).body("instance", notNullValue()).extract().path("detail");
        answer.body("error", is(detail));
    }
}
