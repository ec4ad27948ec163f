package dev.tally.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import com.fasterxml.jackson.databind.JsonNode;

import dev.tally.testsupport.Browser;
import dev.tally.testsupport.UsersForTests;
import io.restassured.RestAssured;

/**
 * The console in a browser of its own for each test, at the log-in. After the test nothing may have been refused by the page's
 * policy, and no script may have failed; of a test that fails there is a picture.
 */
final class ConsoleScreen implements BeforeEachCallback, AfterEachCallback {
    /** Build artefacts. */
    private static final Path PICTURES = Path.of("target", "screenshots");
    /** Where those that documents show are put, if they are to be made anew. */
    private static final String DOCUMENTS = System.getProperty("tally.screenshots", PICTURES.toString());
    private static final String AXE = "/axe.min.js";

    // Static, because JUnit calls this of one instance of a @QuarkusTest, and Quarkus runs the test in another.
    private static Browser browser;
    private static Path directory;

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        Path parent = Files.createDirectories(Path.of("target", "browsers"));
        directory = Files.createTempDirectory(parent, context.getRequiredTestClass().getSimpleName());
        browser = new Browser(directory);
        browser.open(url());
        browser.awaitThere("#main input");
    }

    @Override
    public void afterEach(ExtensionContext context) {
        try {
            if (context.getExecutionException().isPresent()) {
                picture("failed-" + context.getRequiredTestClass().getSimpleName() + "-"
                        + context.getRequiredTestMethod().getName());
            } else {
                assertThat(faults()).isEmpty();
            }
        } finally {
            browser.close();
        }
    }

    /** What the browser had to complain of; not that an answer was an error, which pages show. */
    private List<String> faults() {
        List<String> faults = new ArrayList<>();
        for (JsonNode line : browser.log()) {
            if (line.path("level").asText().equals("SEVERE") && !line.path("source").asText().equals("network")) {
                faults.add(line.path("source").asText() + ": " + line.path("message").asText());
            }
        }
        return faults;
    }

    Browser browser() {
        return browser;
    }

    /** An empty directory of the test, where downloads are too. */
    Path directory() {
        return directory;
    }

    static String url() {
        return RestAssured.baseURI + ":" + RestAssured.port + "/";
    }

    /** Logs in as viewer, operator or admin, and waits until the first page shows. */
    void logInAs(String user) {
        browser.type("[name=user]", user);
        browser.type("[name=password]", UsersForTests.password(user));
        browser.click("button[type=submit]");
        browser.awaitThere("#nav a");
    }

    /** Logs in with an API key. */
    void logInWithKey(String key) {
        browser.click("button[data-kind=consumer]");
        browser.type("[name=key]", key);
        browser.click("button[type=submit]");
        browser.awaitThere("#nav a");
    }

    /** Goes to a place, such as {@code calls?msisdn=352621000001}, and waits until its page is there. */
    void go(String place) {
        browser.script("location.hash = '#/' + arguments[0]", place);
        awaitPage();
    }

    /** Waits until the page is that of the address; its panels may still be loading. */
    void awaitPage() {
        browser.awaitTrue("document.getElementById('main').dataset.place === location.hash");
    }

    /** Waits until a panel has loaded; gives its state: {@code shown}, {@code empty} or {@code failed}. */
    String awaitPanel(String id) {
        browser.awaitThere("#" + id + "[aria-busy=false]");
        return browser.script("return document.getElementById(arguments[0]).dataset.state", id).asText();
    }

    /** Waits until the chart of a panel is drawn. */
    void awaitChart(String id) {
        browser.awaitThere("#" + id + " .chart[data-drawn=true] canvas");
    }

    /** Shows a panel's numbers as a table, and gives its rows, each as the text of its cells. */
    List<List<String>> tableOf(String id) {
        browser.click("#" + id + " .panel-tools button[aria-label^='Table']");
        browser.awaitThere("#" + id + " tbody tr");
        List<List<String>> rows = new ArrayList<>();
        browser.script(
                "return [...document.querySelectorAll(arguments[0])].map(r => [...r.cells].map(c => c.innerText))",
                "#" + id + " tbody tr").forEach(row -> {
                    List<String> cells = new ArrayList<>();
                    row.forEach(cell -> cells.add(cell.asText()));
                    rows.add(cells);
                });
        return rows;
    }

    /** Clicks a panel's button CSV or XLSX, and gives the file. */
    Path download(String id, String format) {
        browser.click("#" + id + " .panel-tools button[aria-label^='" + format + "']");
        return browser.awaitDownload("." + format.toLowerCase(Locale.ROOT));
    }

    /** Keeps a picture of the page among the build's artefacts. */
    void picture(String name) {
        write(PICTURES, name, browser.picture());
    }

    /** The same of one that a document shows, which has not the whole page but a screen of it. */
    void pictureForDocuments(String name) {
        write(PICTURES, name, browser.view());
        write(Path.of(DOCUMENTS), name, browser.view());
    }

    private static void write(Path pictures, String name, byte[] png) {
        try {
            Files.write(Files.createDirectories(pictures).resolve(name + ".png"), png);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What axe finds on the page that is serious or worse: the rule, and where it is broken. */
    List<String> axe() {
        browser.script("if (!window.axe) { " + axeScript() + " }");
        List<String> findings = new ArrayList<>();
        browser.scriptAsync("return (await axe.run(document, {resultTypes: ['violations']})).violations"
                + ".filter(v => v.impact === 'serious' || v.impact === 'critical')"
                + ".flatMap(v => v.nodes.map(n => v.id + ': ' + n.html + ' ' + n.failureSummary))")
                .forEach(finding -> findings.add(finding.asText()));
        return findings;
    }

    private static String axeScript() {
        try (InputStream script = Objects.requireNonNull(ConsoleScreen.class.getResourceAsStream(AXE), AXE)) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
