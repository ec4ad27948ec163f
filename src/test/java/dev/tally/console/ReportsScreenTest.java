package dev.tally.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.LocalDate;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import com.fasterxml.jackson.databind.ObjectMapper;

import dev.tally.testsupport.Browser;
import dev.tally.testsupport.ConsumersForTests;
import dev.tally.testsupport.GcoreForTests;
import dev.tally.testsupport.GcoreSteering;
import dev.tally.testsupport.NeedsChromium;
import io.quarkus.test.junit.QuarkusTest;

/** What operators and consumers do on the page of reports. Gcore is the stand-in. */
@QuarkusTest
@NeedsChromium
class ReportsScreenTest {
    private static final LocalDate FIRST_DAY = LocalDate.of(2018, 1, 1);
    private static final AtomicInteger DAYS = new AtomicInteger();
    private static final String CLIENT = "829449";
    private static final int ROWS = 4;

    @RegisterExtension
    final ConsoleScreen console = new ConsoleScreen();

    private final GcoreSteering gcore = GcoreForTests.steering();

    @BeforeEach
    void reset() {
        gcore.reset();
    }

    /** Fills the form in, for a day of its own, so that no report of another test is joined. */
    private void order(String product) {
        Browser browser = console.browser();
        String day = FIRST_DAY.plusDays(DAYS.incrementAndGet()).toString();
        console.go("reports");
        browser.choose("#order [name=product]", product);
        browser.type("#order [name=gcore_user_id]", CLIENT);
        browser.choose("#order [name=start_date]", day);
        browser.choose("#order [name=end_date]", day);
        browser.click("#order button[type=submit]");
    }

    private void awaitState(String state) {
        console.browser().awaitThere("#report[data-state=" + state + "]");
    }

    @Test
    void watchesAReportFromItsStartToItsEnd() {
        Browser browser = console.browser();
        gcore.script("Completed", Duration.ofSeconds(14), "InProgress");
        console.logInAs("operator");

        order("cloud");
        awaitState("in_progress");
        browser.awaitText("#report .progress-text", "Being made · ");
        // From then on: a machine may be too busy to see each second.
        browser.awaitTrue("/· ([5-9]|1[0-9]) s/.test(document.querySelector('#report .progress-text')?.innerText)");
        assertThat(browser.script("return document.querySelector('#report progress').value").asDouble()).isEqualTo(0.4);
        assertThat(console.axe()).isEmpty();
        console.picture("reports-live");

        awaitState("completed");
        browser.awaitText("#report", "Completed");
        browser.awaitText("#rows", "Block Storage (Standard) - Gb");
        assertThat(browser.count("#rows tbody tr")).isEqualTo(ROWS);
        assertThat(console.awaitPanel("history")).isEqualTo("shown");
        browser.awaitText("#history tbody tr:first-child", "Completed");
        assertThat(asked("/events")).isOne();
        assertThat(console.axe()).isEmpty();
        console.picture("reports");
    }

    /** How often the page has asked for what ends so. */
    private int asked(String ending) {
        return console.browser().script("return performance.getEntriesByType('resource')"
                + ".filter(e => e.name.endsWith(arguments[0])).length", ending).asInt();
    }

    @Test
    void asksAgainAndAgainWhereThereAreNoEvents() {
        Browser browser = console.browser();
        gcore.script("Completed", Duration.ofSeconds(6), "InProgress");
        console.logInAs("operator");
        browser.script("const real = window.fetch; window.fetch = (url, options) => String(url).endsWith('/events')"
                + " ? Promise.resolve(new Response('{}', {status: 503})) : real(url, options)");

        order("waap");
        awaitState("in_progress");
        awaitState("completed");

        browser.awaitText("#rows", CLIENT);
        assertThat(asked("/events")).isZero();
        assertThat(asked("reports?limit=100")).isGreaterThanOrEqualTo(2);
    }

    @Test
    void savesAReportInTheThreeFormats() throws IOException {
        console.logInAs("operator");
        order("cdn");
        awaitState("completed");

        assertThat(Files.readAllLines(console.download("report", "CSV"))).hasSize(ROWS + 1).first().asString()
                .startsWith("Client ID,Company name");
        assertThat(Files.readAllBytes(console.download("report", "XLSX"))).startsWith('P', 'K');
        assertThat(new ObjectMapper().readTree(console.download("report", "JSON").toFile()).path("data")).hasSize(ROWS);
    }

    @Test
    void saysWhyAReportFailed() {
        Browser browser = console.browser();
        gcore.script("Failed", null, null);
        console.logInAs("operator");

        order("cloud");

        awaitState("failed");
        browser.awaitText("#report .failure", "Start it again above");
        assertThat(browser.count("#report .panel-tools [aria-label^=CSV]")).isZero();
        browser.awaitText("#history tbody tr:first-child", "Failed");
        console.picture("reports-failed");
    }

    @Test
    void cancelsAReport() {
        Browser browser = console.browser();
        // Not under way after a second, so that it is seen.
        gcore.script("never", null, "Pending");
        console.logInAs("operator");
        order("cdn");
        awaitState("pending");

        browser.click("//*[@id='report']//button[text()='Cancel']");

        awaitState("cancelled");
        browser.awaitText("#report .failure", "cancelled on request");
        browser.awaitText("#history tbody tr:first-child", "Cancelled");
    }

    @Test
    void reproducesAReportByItsAddressAndFindsItInTheList() {
        Browser browser = console.browser();
        console.logInAs("operator");
        order("all");
        awaitState("completed");
        String address = browser.script("return location.hash.slice(2)").asText();

        console.go("reports");
        browser.awaitGone("#report");
        browser.click("#history tbody tr:first-child a");
        awaitState("completed");
        assertThat(browser.script("return location.hash.slice(2)").asText().split("[?&]"))
                .containsExactlyInAnyOrder(address.split("[?&]"));
        assertThat(browser.script("return document.querySelector('[name=product]').value").asText()).isEqualTo("all");
        browser.awaitText("#report tbody", "WAAP");
    }

    @Test
    void isForKeysWithTheScopeWhichSeeTheirOwn() {
        Browser browser = console.browser();
        console.logInWithKey(ConsumersForTests.signUp("reports").apiKey());
        console.go("reports");
        assertThat(console.awaitPanel("history")).isEqualTo("empty");
        browser.awaitText("#history", "Start one above");

        order("cdn");

        awaitState("completed");
        browser.awaitText("#rows", CLIENT);
        browser.awaitText("#history tbody", "Completed");
    }

    @Test
    void showsViewersWhatTheyAreSentButNoForm() {
        Browser browser = console.browser();
        console.logInAs("viewer");

        console.go("reports?report=00000000-0000-4000-8000-000000000000");

        browser.awaitText("#report [role=alert]", "Request id:");
        assertThat(browser.count("#order")).isZero();
        assertThat(console.awaitPanel("history")).isIn("empty", "shown");
    }

    @Test
    void saysWhatIsWrongWithAnOrder() {
        Browser browser = console.browser();
        console.logInAs("operator");
        console.go("reports");

        browser.click("#order button[type=submit]");
        browser.awaitThere("#order [name=gcore_user_id][aria-invalid=true]");
        browser.type("#order [name=gcore_user_id]", CLIENT);
        browser.choose("#order [name=start_date]", "2018-02-01");
        browser.choose("#order [name=end_date]", "2018-01-01");
        browser.click("#order button[type=submit]");

        browser.awaitText("#order [role=alert]", "Request id:");
    }
}
