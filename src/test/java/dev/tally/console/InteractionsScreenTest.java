package dev.tally.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import dev.tally.interactions.InteractionsDatabase;
import dev.tally.interactions.Workbooks;
import dev.tally.testsupport.Browser;
import dev.tally.testsupport.ConsumersForTests;
import dev.tally.testsupport.NeedsChromium;
import dev.tally.testsupport.UsersForTests;
import io.quarkus.test.junit.QuarkusTest;

/** What operators and consumers do on the page of interactions. */
@QuarkusTest
@NeedsChromium
class InteractionsScreenTest {
    private static final int MANY = 60_000;

    @RegisterExtension
    final ConsoleScreen console = new ConsoleScreen();

    @BeforeEach
    void clear() {
        InteractionsDatabase.clear();
    }

    private static Workbooks lively() {
        Workbooks workbook = Workbooks.contract();
        List<String> channels = List.of("Email", "Call", "Bird", "Post", "Boat");
        for (int customer = 1; customer <= 12; customer++) {
            for (int i = 0; i < customer * 3; i++) {
                workbook.interaction(LocalDateTime.of(2019, 1 + (i + customer) % 12, 1 + i % 28, 9, i % 60),
                        channels.get((i * i + customer) % channels.size()), customer);
            }
        }
        return workbook.product("03-2019", "Wood").product("05-2019", "Sand").product("09-2019", "Water");
    }

    private static void imported(Workbooks workbook) {
        UsersForTests.as("operator").multiPart("file", "before.xlsx", workbook.bytes()).post("/api/v1/imports").then()
                .statusCode(201);
    }

    /** Chooses a workbook on the page, and sends it. */
    private void send(String name, Workbooks workbook) {
        console.browser().chooseFile("#upload [name=file]", file(name, workbook));
        console.browser().click("#upload button[type=submit]");
    }

    private Path file(String name, Workbooks workbook) {
        try {
            return Files.write(console.directory().resolve(name), workbook.bytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void showsWhoWasInTouchHowWhenAndAboutWhat() {
        Browser browser = console.browser();
        imported(lively());
        console.logInAs("viewer");

        console.go("interactions");

        for (String id : List.of("months", "topics", "types", "customers")) {
            assertThat(console.awaitPanel(id)).as(id).isEqualTo("shown");
            console.awaitChart(id);
        }
        assertThat(console.awaitPanel("heat")).isEqualTo("shown");
        assertThat(browser.text("#main")).doesNotContain("undefined", "null", "NaN");
        assertThat(browser.text("#heat thead")).contains("Customer", "Bird", "Boat", "Call", "Email", "Post");
        assertThat(browser.count("#heat tbody tr")).isEqualTo(12);
        assertThat(browser.script("return document.querySelector('#heat tbody th').innerText").asText())
                .isEqualTo("12");
        assertThat(console.axe()).isEmpty();
        console.picture("interactions");
        browser.prefer("dark");
        assertThat(console.axe()).isEmpty();
        console.picture("interactions-dark-full");
        assertThat(console.tableOf("types")).extracting(List::getFirst).contains("Red", "Orange", "No type");
        assertThat(console.tableOf("heat").getFirst()).startsWith("12").hasSize(7);
    }

    @Test
    void reproducesAViewByItsAddress() throws IOException {
        imported(Workbooks.contract());
        console.logInAs("viewer");

        console.go("interactions?start_date=2020-01-01&end_date=2020-12-31&customer=4");

        assertThat(console.awaitPanel("customer")).isEqualTo("shown");
        assertThat(console.tableOf("customer")).contains(List.of("Bird", "1"), List.of("Call", "1"),
                List.of("Email", "0"));
        assertThat(console.awaitPanel("heat")).isEqualTo("shown");
        assertThat(console.browser().count("#heat tbody tr")).isOne();
        assertThat(Files.readAllLines(console.download("months", "CSV"))).containsExactly("month,channel,interactions",
                "2020-02,Call,1", "2020-03,Bird,1");
    }

    @Test
    void countsTheDaysOfAnotherZone() {
        Browser browser = console.browser();
        imported(lively());
        console.logInAs("viewer");
        console.go("interactions");
        console.awaitPanel("months");

        browser.choose("[name=zone]", "Asia/Tokyo");
        browser.click("#main form button[type=submit]");

        browser.awaitText("#months .panel-note", "days of Asia/Tokyo");
        assertThat(browser.script("return document.querySelector('[name=zone]').value").asText())
                .isEqualTo("Asia/Tokyo");
    }

    @Test
    void countsTheMonthsOfATopic() {
        Browser browser = console.browser();
        imported(lively());
        console.logInAs("viewer");
        console.go("interactions");
        console.awaitPanel("topics");
        console.awaitChart("topics");

        console.tableOf("topics");
        browser.click("//*[@id='topics']//a[text()='Wood']");

        browser.awaitText("#months .panel-note", "“Wood”");
        assertThat(console.tableOf("months")).extracting(List::getFirst).containsOnly("2019-03");
    }

    @Test
    void showsHowFarAnImportIs() throws SQLException {
        Browser browser = console.browser();
        console.logInAs("operator");
        console.go("interactions");
        assertThat(console.awaitPanel("heat")).isEqualTo("empty");
        browser.script(
                "window.seen = []; new MutationObserver(() => { const bar = document.querySelector('#import progress');"
                        + "if (bar) window.seen.push(bar.value); }).observe(document.getElementById('main'),"
                        + "{subtree: true, childList: true, attributes: true, characterData: true})");
        Workbooks many = Workbooks.standard();
        for (int i = 0; i < MANY; i++) {
            many.interaction(LocalDateTime.of(2020, 1, 1, 0, 0).plusMinutes(i), "Call", 1 + i % 40);
        }

        try (Connection _ = InteractionsDatabase.hold()) {
            send("many.xlsx", many);

            browser.awaitThere("#import[data-state=running]");
            browser.awaitTrue("window.seen.some(value => value > 0 && value < 1)");
            console.picture("interactions-importing");
        }
        browser.awaitThere("#import[data-state=completed]");
        browser.awaitText("#import", "60,000");
        // The figures are those of now, without a reload of the page.
        browser.awaitThere("#heat[data-state=shown] tbody tr");
        browser.awaitText("#imports tbody", "many.xlsx");
        assertThat(browser.script("return performance.getEntriesByType('resource')"
                + ".some(e => e.name.endsWith('/events'))").asBoolean()).isTrue();
    }

    @Test
    void showsRejectsBySheetAndRow() throws IOException {
        Browser browser = console.browser();
        console.logInAs("operator");
        console.go("interactions");

        send("wrong.xlsx", Workbooks.contract().interaction("31/02/2020", "Call", 1).customer(null, "Nobody", "Red"));

        browser.awaitThere("#import[data-state=failed]");
        browser.awaitText("#import .failure", "2 rows of the workbook are wrong");
        assertThat(console.awaitPanel("rejects")).isEqualTo("shown");
        assertThat(browser.text("#rejects tbody")).contains("External interactions", "6", "Date Start", "31/02/2020",
                "is not in the calendar", "Customers", "7", "Customer_Id");
        assertThat(Files.readAllLines(console.download("rejects", "CSV"))).hasSize(3);
        assertThat(console.axe()).isEmpty();
        console.picture("interactions-rejects");
    }

    @Test
    void triesAndImportsAndTakesBack() {
        Browser browser = console.browser();
        console.logInAs("operator");
        console.go("interactions");

        browser.click("#upload [name=dry_run]");
        send("book.xlsx", Workbooks.contract());
        browser.awaitThere("#import[data-state=completed]");
        browser.awaitText("#import .panel-tools", "Only tried");
        assertThat(console.awaitPanel("heat")).isEqualTo("empty");
        send("book.xlsx", Workbooks.contract());
        browser.awaitThere("//*[@id='import']//button[text()='Take back']");
        browser.awaitThere("#heat[data-state=shown]");
        browser.awaitText("#warnings", "The customer 4 is not in the sheet");

        browser.click("//*[@id='import']//button[text()='Take back']");
        browser.awaitText("#import", "will be gone");
        browser.click("//*[@id='import']//button[text()='Yes, take it back']");

        browser.awaitThere("#import[data-state=reverted]");
        browser.awaitThere("#heat[data-state=empty]");
        browser.awaitText("#imports tbody", "Taken back");
    }

    @Test
    void saysWhatIsWrongWithAFileThatIsNoWorkbook() throws IOException {
        Browser browser = console.browser();
        console.logInAs("operator");
        console.go("interactions");

        browser.chooseFile("#upload [name=file]",
                Files.writeString(console.directory().resolve("no.xlsx"), "not a workbook"));
        browser.click("#upload button[type=submit]");

        browser.awaitText("#upload [role=alert]", "Request id:");
        assertThat(browser.count("#import")).isZero();
    }

    @Test
    void isForKeysWithTheScopeWithoutTheImports() {
        imported(Workbooks.contract());
        console.logInWithKey(ConsumersForTests.signUp("interactions").apiKey());

        console.go("interactions");

        assertThat(console.awaitPanel("heat")).isEqualTo("shown");
        assertThat(console.browser().count("#upload, #imports")).isZero();
    }

    @Test
    void saysWhatToDoWhenThereIsNothingOrNobody() {
        console.logInAs("viewer");

        console.go("interactions?customer=4");

        assertThat(console.awaitPanel("heat")).isEqualTo("empty");
        console.browser().awaitText("#heat", "An operator imports them");
        assertThat(console.awaitPanel("customer")).isEqualTo("failed");
        console.browser().awaitText("#customer [role=alert]", "Customer not found");
        assertThat(console.browser().count("#upload")).isZero();
    }
}
