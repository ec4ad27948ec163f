package dev.tally.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import dev.tally.testsupport.Browser;
import dev.tally.testsupport.ConsumersForTests;
import dev.tally.testsupport.NeedsChromium;
import dev.tally.testsupport.UsersForTests;
import io.quarkus.test.junit.QuarkusTest;

/** What the page of analytics shows of the sample files. */
@QuarkusTest
@NeedsChromium
class AnalyticsScreenTest {
    @RegisterExtension
    final ConsoleScreen console = new ConsoleScreen();

    @Test
    void showsEveryMetricOfTheCatalogueAsWhatFitsIt() {
        List<String> metrics = UsersForTests.as("viewer").get("/analytics").jsonPath().getList("data.metric");
        Browser browser = console.browser();
        console.logInAs("viewer");

        console.go("analytics");

        metrics.forEach(metric -> browser.awaitThere("#metric-" + metric + "[aria-busy=false]"));
        console.awaitChart("metric-claims-stats");
        console.awaitChart("metric-audits-top-services");
        assertThat(browser.text("#metric-payments-avg .figure-value")).isEqualTo("1,250.75");
        assertThat(browser.text("#metric-payments-avg .panel-note")).contains("Data of", "245 rows read", "5 rejected");
        // One that fails leaves the others as they are.
        assertThat(console.awaitPanel("metric-of-no-object")).isEqualTo("failed");
        browser.awaitText("#metric-of-no-object [role=alert]", "Request id:");
        assertThat(console.axe()).isEmpty();
        console.picture("analytics");
    }

    @Test
    void drillsToTheTable() throws IOException {
        Browser browser = console.browser();
        console.logInAs("viewer");
        console.go("analytics");
        console.awaitPanel("metric-claims-stats");

        browser.click("#metric-claims-stats a[href='#/analytics?metric=claims-stats']");

        console.awaitPanel("source");
        assertThat(browser.text("#source")).contains("cassandra/reclamos/reclamos.csv", "/claims/stats");
        assertThat(console.awaitPanel("rejects")).isEqualTo("shown");
        assertThat(browser.text("#rejects")).contains("2 of 302 rows");
        assertThat(browser.count("#rejects tbody tr")).isEqualTo(2);
        console.awaitChart("metric-claims-stats");
        console.picture("analytics-metric");
        browser.prefer("dark");
        console.awaitChart("metric-claims-stats");
        console.pictureForDocuments("console-analytics");
        assertThat(console.tableOf("metric-claims-stats")).containsExactly(List.of("aprobado", "150"),
                List.of("pendiente", "75"), List.of("en_revision", "50"), List.of("rechazado", "25"));
        assertThat(Files.readAllLines(console.download("metric-claims-stats", "CSV"))).startsWith("estado,count",
                "aprobado,150");
        assertThat(console.axe()).isEmpty();
    }

    @Test
    void showsMoreOrFewerOfTheLargest() {
        Browser browser = console.browser();
        console.logInAs("viewer");
        console.go("analytics?metric=audits-top-services");
        console.awaitPanel("metric-audits-top-services");

        browser.type("[name=limit]", "2");
        browser.click("#main form button[type=submit]");

        console.awaitPage();
        console.awaitChart("metric-audits-top-services");
        assertThat(browser.script("return location.hash").asText()).contains("limit=2");
        List<List<String>> rows = console.tableOf("metric-audits-top-services");
        assertThat(rows).hasSize(2);
        assertThat(rows.getFirst()).startsWith("payment_service");
    }

    @Test
    void saysThatThereIsNoSuchMetric() {
        console.logInAs("viewer");

        console.go("analytics?metric=nothing");

        console.browser().awaitText("#main", "There is no metric nothing.");
    }

    @Test
    void isForKeysWithTheScopeOnly() {
        console.logInWithKey(ConsumersForTests.signUp("analytics").apiKey());

        console.go("analytics");

        assertThat(console.awaitPanel("metric-claims-stats")).isEqualTo("shown");
    }
}
