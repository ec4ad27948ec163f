package dev.tally.platform.http;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import java.net.URI;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;

/** The files of the console: open, small, strict, and all there, in the binary too. */
@QuarkusTest
class ConsoleFilesTest {
    private static final String POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
            + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    private static final Pattern IN_PAGE = Pattern.compile("(?:src|href)=\"(console/[^\"]*)\"");
    private static final Pattern IN_MODULE = Pattern.compile("from '(\\.[^']*)'");
    /** Loaded when they are needed, by names that are put together. */
    private static final Set<String> LATER = Set.of("console/echarts.min.js", "console/pages/calls.js",
            "console/pages/reports.js", "console/pages/analytics.js", "console/pages/interactions.js",
            "console/pages/credits.js");

    @Test
    void areAllThere() {
        Set<String> files = new LinkedHashSet<>(LATER);
        IN_PAGE.matcher(given().get("/").asString()).results().forEach(match -> files.add(match.group(1)));
        Set<String> seen = new LinkedHashSet<>();

        while (!seen.containsAll(files)) {
            String file = files.stream().filter(one -> !seen.contains(one)).findFirst().orElseThrow();
            seen.add(file);
            Response answer = given().get("/" + file);
            assertThat(answer.statusCode()).as(file).isEqualTo(200);
            if (file.endsWith(".js") && !file.endsWith(".min.js")) {
                IN_MODULE.matcher(answer.asString()).results().forEach(
                        match -> files.add(URI.create(file).resolve(match.group(1)).toString()));
            }
        }

        assertThat(seen).hasSizeGreaterThan(12);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/index.html", "/console/app.js", "/console/style.css", "/console/echarts.min.js"})
    void areOpenAndUnderAPolicyWithoutAnythingInline(String path) {
        given().get(path).then().statusCode(200).header("Content-Security-Policy", equalTo(POLICY))
                .header("Cache-Control", "no-cache").header("X-Content-Type-Options", "nosniff");
        given().head(path).then().statusCode(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", "/console/app.js", "/console/style.css", "/console/echarts.min.js"})
    void areCompressed(String path) {
        given().header("Accept-Encoding", "gzip").get(path).then().header("Content-Encoding", equalTo("gzip"));
    }

    @Test
    void areNotSentAgainWhenTheyAreTheSame() {
        String changed = given().get("/console/app.js").then().extract().header("Last-Modified");

        given().header("If-Modified-Since", changed).get("/console/app.js").then().statusCode(304);
    }

    @Test
    void haveMediaTypesThatABrowserRuns() {
        given().get("/").then().contentType(startsWith("text/html"));
        given().get("/console/app.js").then().contentType(startsWith("text/javascript"));
        given().get("/console/style.css").then().contentType(startsWith("text/css"));
        given().get("/console/icon.svg").then().contentType(startsWith("image/svg+xml"));
    }

    @Test
    void haveNothingInline() {
        assertThat(given().get("/").asString()).doesNotContainPattern("<script(?![^>]*src=)").doesNotContain("<style")
                .doesNotContainPattern("\\s(?:style|on\\w+)=").doesNotContain("http:", "https:");
    }
}
