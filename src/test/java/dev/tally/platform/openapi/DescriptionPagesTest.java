package dev.tally.platform.openapi;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.startsWith;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.quarkus.test.junit.QuarkusTest;

/** Both pages work without the internet, and under a policy that allows no inline script. */
@QuarkusTest
class DescriptionPagesTest {
    private static final Pattern REFERENCE = Pattern.compile("(?:src|href|action)=\"([^\"]*)\"");
    private static final Map<String, String> MEDIA_TYPES = Map.of(
            "js", "text/javascript",
            "css", "text/css",
            "svg", "image/svg+xml",
            "json", "application/json");

    @ParameterizedTest
    @ValueSource(strings = {"/docs", "/docs/", "/redoc", "/redoc/"})
    void isAPageOfItsOwn(String path) {
        given().redirects().follow(false).get(path).then().statusCode(200).contentType(startsWith("text/html"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/docs", "/redoc"})
    void answersHead(String path) {
        given().head(path).then().statusCode(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/docs", "/redoc"})
    void namesOnlyWhatThisServerHas(String path) {
        List<String> references = references(path);

        assertThat(references).hasSizeGreaterThanOrEqualTo(4).allSatisfy(reference -> {
            assertThat(reference).startsWith("/").doesNotStartWith("//");
            String ending = reference.substring(reference.lastIndexOf('.') + 1);
            given().get(reference).then().statusCode(200).contentType(startsWith(MEDIA_TYPES.get(ending)));
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"/docs", "/redoc"})
    void isAskedForAgainAfterAnUpgrade(String path) {
        List<String> references = references(path);

        assertThat(references).filteredOn(reference -> !reference.startsWith("/openapi"))
                .allSatisfy(reference -> assertThat(given().get(reference).header("Cache-Control"))
                        .isEqualTo("no-cache"));
        assertThat(given().get(path).header("Cache-Control")).isEqualTo("no-cache");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/docs", "/redoc"})
    void hasNothingInline(String path) {
        String html = given().get(path).asString();

        assertThat(html).doesNotContainPattern("<script(?![^>]*src=)").doesNotContain("<style")
                .doesNotContainPattern("\\s(?:style|on\\w+)=");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/docs", "/docs/", "/redoc", "/redoc/"})
    void mayRunNothingInlineAndLoadNothingFromElsewhere(String path) {
        String policy = given().get(path).header("Content-Security-Policy");

        assertThat(policy).startsWith("default-src 'none'; script-src 'self';").contains("frame-ancestors 'none'")
                .doesNotContain("unsafe-").doesNotContain("http").doesNotContain("*");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/docs/swagger-ui.css", "/docs/page.css", "/redoc/page.css"})
    void importsNoStyleFromElsewhere(String path) {
        String css = given().get(path).asString();

        assertThat(css).doesNotContain("@import").doesNotContainPattern("url\\(['\"]?(?:https?:)?//");
    }

    @Test
    void hasNoAddressOfReDocsMaker() {
        String script = given().get("/redoc/redoc.standalone.js").asString();

        assertThat(script).isNotEmpty().doesNotContain("cdn.redoc.ly").doesNotContain("fonts.googleapis.com");
    }

    private static List<String> references(String path) {
        return REFERENCE.matcher(given().get(path).asString()).results().map(match -> match.group(1)).toList();
    }
}
