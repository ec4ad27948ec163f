package dev.tally.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import dev.tally.testsupport.Browser;
import dev.tally.testsupport.ConsumersForTests;
import dev.tally.testsupport.NeedsChromium;
import dev.tally.testsupport.PostgresForTests;
import dev.tally.testsupport.UsersForTests;
import io.quarkus.test.junit.QuarkusTest;

/** What operators and consumers do on the page of calls. */
@QuarkusTest
@NeedsChromium
class CallsScreenTest {
    private static final String MSISDN = "352691000001";
    private static final String HEADER = "event_id,source,msisdn,call_type,start_time,duration_seconds\n";
    private static final String JANUARY = "&start_date=2024-01-01&end_date=2024-01-05&zone=UTC";

    @RegisterExtension
    final ConsoleScreen console = new ConsoleScreen();

    /** Six calls on three of the days; the same ones each time, which changes nothing. */
    @BeforeEach
    void loadCalls() {
        UsersForTests.as("operator").contentType("text/csv; charset=utf-8").body(HEADER
                + "1,screen," + MSISDN + ",voice,2024-01-01T09:00:00Z,60\n"
                + "2,screen," + MSISDN + ",voice,2024-01-01T10:00:00Z,120\n"
                + "3,screen," + MSISDN + ",video,2024-01-01T11:00:00Z,600\n"
                + "4,screen," + MSISDN + ",voice,2024-01-03T09:00:00Z,300\n"
                + "5,screen," + MSISDN + ",video,2024-01-04T23:30:00Z,1800\n"
                + "6,screen,352691000002,voice,2024-01-02T09:00:00Z,30\n").post("/api/usage/cdrs").then()
                .statusCode(200);
    }

    @Test
    void showsTheDaysOfASubscriber() {
        Browser browser = console.browser();
        console.logInAs("viewer");

        console.go("calls");
        browser.type("[name=msisdn]", "+" + MSISDN);
        browser.choose("[name=start_date]", "2024-01-01");
        browser.choose("[name=end_date]", "2024-01-05");
        browser.choose("[name=zone]", "Europe/Luxembourg");
        browser.click("#main form button[type=submit]");

        assertThat(console.awaitPanel("days")).isEqualTo("shown");
        console.awaitChart("days");
        console.awaitChart("top");
        browser.awaitText("#summary", "5");
        browser.awaitText("#summary", "3 voice, 2 video");
        console.picture("calls");
        assertThat(console.tableOf("days")).hasSize(5).satisfies(rows -> {
            assertThat(rows.getFirst()).startsWith("1 Jan 2024", "3", "2", "1", "13 min");
            // Half past midnight in Luxembourg.
            assertThat(rows.getLast()).startsWith("5 Jan 2024", "1", "0", "1", "30 min");
        });
    }

    /** The README shows the picture. */
    @Test
    void showsAMonth() throws SQLException {
        // Other tests have calls of this subscriber too.
        try (Connection connection = PostgresForTests.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("DELETE FROM cdr_data.voice_cdr WHERE msisdn = '7643008066273'");
        }
        UsersForTests.as("operator").contentType("text/csv; charset=utf-8").body(new File("docs/sample-cdrs.csv"))
                .post("/api/usage/cdrs").then().statusCode(200);
        console.browser().size(1280, 1130);
        console.logInAs("viewer");

        console.go("calls?msisdn=7643008066273&start_date=2024-01-01&end_date=2024-01-31&zone=UTC&limit=5");

        console.awaitChart("days");
        console.awaitChart("top");
        console.browser().awaitText("#summary", "268");
        console.pictureForDocuments("console-calls");
        assertThat(console.tableOf("days")).hasSize(31);
    }

    @Test
    void reproducesAViewByItsAddress() {
        console.logInAs("viewer");

        console.go("calls?msisdn=" + MSISDN + JANUARY + "&by=duration&limit=5");

        assertThat(console.awaitPanel("days")).isEqualTo("shown");
        assertThat(console.browser().script("return document.querySelector('[name=by]').value").asText())
                .isEqualTo("duration");
        assertThat(console.tableOf("days")).hasSize(5)
                .satisfies(rows -> assertThat(rows.getLast()).startsWith("5 Jan 2024", "0"));
    }

    @Test
    void savesWhatAChartShows() throws IOException {
        console.logInAs("viewer");
        console.go("calls?msisdn=" + MSISDN + JANUARY);
        console.awaitPanel("days");

        Path csv = console.download("days", "CSV");
        Path workbook = console.download("days", "XLSX");

        assertThat(Files.readAllLines(csv)).hasSize(6).first().asString().startsWith("date,total_calls");
        assertThat(Files.readAllBytes(workbook)).startsWith('P', 'K');
    }

    @Test
    void goesFromTheTopToASubscriber() {
        console.logInAs("viewer");
        console.go("calls?start_date=2024-01-01&end_date=2024-01-05&limit=100");

        assertThat(console.awaitPanel("top")).isEqualTo("shown");
        console.awaitChart("top");
        assertThat(console.tableOf("top")).contains(List.of(MSISDN, "5", "48 min"));
        console.browser().click("//*[@id='top']//a[text()='" + MSISDN + "']");

        assertThat(console.awaitPanel("days")).isEqualTo("shown");
        assertThat(console.browser().script("return location.hash").asText()).contains("msisdn=" + MSISDN);
    }

    @Test
    void loadsAFileAndShowsWhichRowsWereRejected() {
        Browser browser = console.browser();
        console.logInAs("operator");
        console.go("calls");

        browser.chooseFile("[name=file]", file("calls.csv", HEADER
                + "10,screen,352691000010,voice,2024-02-01T09:00:00Z,60\n"
                + "1,screen," + MSISDN + ",voice,2024-01-01T09:00:00Z,60\n"
                + "11,screen,352691000010,fax,2024-02-01T09:00:00Z,60\n"
                + "12,screen,not a number,voice,2024-02-01T09:00:00Z,60\n"));
        browser.click("#load button[type=submit]");

        browser.awaitThere("#load-outcome table");
        assertThat(browser.text("#load-outcome .figures")).containsSubsequence("received", "4", "Rejected", "2");
        assertThat(browser.text("#load-outcome tbody")).contains("4 call_type must be voice or video", "5 ");
        console.picture("calls-load");
    }

    @Test
    void showsHowFarAnUploadIs() {
        Browser browser = console.browser();
        console.logInAs("operator");
        console.go("calls");
        StringBuilder rows = new StringBuilder(HEADER);
        for (int i = 0; i < 60_000; i++) {
            rows.append("up").append(i).append(",screen,352691000020,voice,2024-03-01T09:00:00Z,60\n");
        }
        browser.script(
                "window.seen = []; new MutationObserver(() => { const bar = document.querySelector('#load progress');"
                        + "if (bar) window.seen.push(bar.value); }).observe(document.getElementById('load'),"
                        + "{subtree: true, childList: true, attributes: true, characterData: true})");

        browser.chooseFile("[name=file]", file("many.csv", rows.toString()));
        browser.click("#load button[type=submit]");

        browser.awaitText("#load-outcome", "60,000");
        assertThat(browser.script("return window.seen.at(-1)").asDouble()).isEqualTo(1);
    }

    @Test
    void saysWhatIsWrongWithANumberBesideIt() {
        Browser browser = console.browser();
        console.logInAs("viewer");
        console.go("calls");

        browser.type("[name=msisdn]", "12x");
        browser.click("#main form button[type=submit]");

        browser.awaitText("[data-field=msisdn] .field-fault", "5 to 15 digits");
        assertThat(browser.script("return document.activeElement.name").asText()).isEqualTo("msisdn");
    }

    @Test
    void saysWhatToDoWhenThereIsNothingOrItFails() {
        Browser browser = console.browser();
        console.logInAs("viewer");

        console.go("calls?msisdn=352699999999");
        assertThat(console.awaitPanel("days")).isEqualTo("empty");
        browser.awaitText("#days", "Widen the range");
        console.go("calls?msisdn=" + MSISDN + "&start_date=2024-02-01&end_date=2024-01-01");

        assertThat(console.awaitPanel("days")).isEqualTo("failed");
        browser.awaitText("#days [role=alert]", "Request id:");
        browser.awaitText("#days [role=alert]", "Try again");
        console.picture("calls-failure");
    }

    @Test
    void isForKeysWithTheScopeOnlyAndWithoutTheLoading() {
        console.logInWithKey(ConsumersForTests.signUp("calls").apiKey());

        console.go("calls?msisdn=" + MSISDN + JANUARY);

        assertThat(console.awaitPanel("days")).isEqualTo("shown");
        assertThat(console.browser().count("#load")).isZero();
    }

    private Path file(String name, String text) {
        try {
            return Files.writeString(console.directory().resolve(name), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
