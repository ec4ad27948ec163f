package dev.tally.console;

import static dev.tally.testsupport.ConsumersForTests.execute;
import static dev.tally.testsupport.ConsumersForTests.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import dev.tally.testsupport.Browser;
import dev.tally.testsupport.ConsumersForTests;
import dev.tally.testsupport.ConsumersForTests.Signed;
import dev.tally.testsupport.NeedsChromium;
import io.quarkus.test.junit.QuarkusTest;

/** What consumers see of their account, and do with their keys. */
@QuarkusTest
@NeedsChromium
class CreditsScreenTest {
    @RegisterExtension
    final ConsoleScreen console = new ConsoleScreen();

    private static void add(Signed user, int amount, String kind) {
        execute("SELECT ledger.add(" + user.userId() + ", '" + kind + "', " + amount + ", 'test', now())");
    }

    private static void ask(Signed user, int daysAgo, String endpoint, int credits) {
        execute("INSERT INTO usage_logs (user_id, endpoint, query_params, records_returned, credits_used, created_at)"
                + " VALUES (" + user.userId() + ", '" + endpoint + "', '{}', 10, " + credits
                + ", now() - interval '" + daysAgo + " days')");
    }

    @Test
    void showsTheBalanceAndWhereItWent() throws IOException {
        Signed user = ConsumersForTests.signUp();
        add(user, 500, "topup");
        add(user, -30, "adjustment");
        ask(user, 1, "/query", 50);
        ask(user, 2, "/query", 7);
        ask(user, 2, "/record", 3);
        console.logInWithKey(user.apiKey());

        console.go("credits");

        assertThat(console.awaitPanel("balance")).isEqualTo("shown");
        // 60 credits in 30 days are two a day.
        assertThat(console.browser().text("#balance")).contains("570 credits", "60 credits", "285 days, until about");
        console.awaitChart("burn-down");
        console.awaitChart("usage");
        console.awaitPanel("ledger");
        console.awaitPanel("keys");
        assertThat(console.browser().text("#ledger tbody")).containsSubsequence("Adjustment −30 570",
                "Top-up +500 600", "Grant +100 100 sign-up");
        assertThat(console.tableOf("burn-down")).hasSize(3);
        assertThat(console.tableOf("usage")).extracting(row -> row.subList(1, 5).toString())
                .containsExactly("[/query, 1, 10, 7]", "[/record, 1, 10, 3]", "[/query, 1, 10, 50]");
        assertThat(Files.readAllLines(console.download("usage", "CSV"))).hasSize(4).first()
                .isEqualTo("date,endpoint,requests,records_returned,credits_used");
        assertThat(console.axe()).isEmpty();
    }

    @Test
    void showsAMonthOfSpending() {
        Signed user = Spender.signedUp();
        console.logInWithKey(user.apiKey());

        console.go("credits");

        console.awaitChart("burn-down");
        console.awaitChart("usage");
        console.browser().awaitGone("#main [aria-busy=true]");
        console.picture("credits");
        console.browser().prefer("dark");
        console.awaitChart("usage");
        console.picture("credits-in-the-dark");
        console.browser().size(360, 800);
        console.picture("credits-narrow");
        assertThat(console.browser().text("#balance")).contains(user.ledger() + " credits", "until about");
        assertThat(console.tableOf("burn-down")).hasSize(56);
        assertThat(console.tableOf("usage")).hasSize(54);
    }

    @Test
    void showsALongLedgerByDaysAndInPages() {
        Signed user = ConsumersForTests.signUp();
        add(user, 2000, "topup");
        execute("SELECT ledger.add(" + user.userId()
                + ", 'adjustment', -1, 'test', now()) FROM generate_series(1, 1000)");
        Browser browser = console.browser();
        console.logInWithKey(user.apiKey());

        console.go("credits");

        console.awaitChart("burn-down");
        browser.awaitText("#burn-down", "Days of UTC");
        List<List<String>> days = console.tableOf("burn-down");
        assertThat(days).hasSize(1);
        assertThat(days.getFirst()).contains("2,100", "1,000", "1,100", "1,002");
        console.awaitPanel("ledger");
        browser.click("//*[@id='ledger']//button[text()='Older']");
        browser.awaitText("#ledger tbody", "1,200");
        assertThat(browser.script("return location.hash").asText()).contains("after=");
        browser.click("//*[@id='ledger']//button[text()='Back to the latest']");
        browser.awaitText("#ledger tbody", "1,100");
    }

    @Test
    void showsOtherFiguresOfOtherDays() {
        Signed user = ConsumersForTests.signUp();
        ask(user, 100, "/query", 50);
        Browser browser = console.browser();
        console.logInWithKey(user.apiKey());
        console.go("credits");
        assertThat(console.awaitPanel("usage")).isEqualTo("empty");

        browser.choose("[name=figure]", "requests");
        browser.choose("[name=start_date]", "2020-01-01");
        browser.click("#main form button[type=submit]");

        browser.awaitText("#usage", "Requests");
        console.awaitChart("usage");
        assertThat(browser.script("return location.hash").asText()).contains("figure=requests",
                "start_date=2020-01-01");
        browser.choose("[name=end_date]", "2019-01-01");
        browser.click("#main form button[type=submit]");
        browser.awaitText("#usage [role=alert]", "start_date must not be after end_date");
        browser.awaitText("#usage [role=alert]", "Request id:");
    }

    @Test
    void createsAKeyThatIsShownOnce() {
        Browser browser = console.browser();
        console.logInWithKey(ConsumersForTests.signUp().apiKey());
        console.go("credits");
        console.awaitPanel("keys");

        browser.type("#keys [name=name]", "Nightly export");
        browser.choose("#keys [name=days]", "90");
        browser.click("#keys form button[type=submit]");
        browser.awaitThere("dialog[open] .secret");
        String key = browser.script("return document.querySelector('dialog .secret input').value").asText();
        assertThat(console.axe()).isEmpty();
        browser.press("\uE00C");
        assertThat(browser.count("dialog[open]")).isOne();
        browser.click("//dialog//button[text()='I have kept it']");

        assertThat(key).startsWith("tly_");
        with(key).get("/me").then().statusCode(200);
        browser.awaitText("#keys tbody", "Nightly export");
        assertThat(browser.text("#keys tbody")).contains("Good until");
        browser.awaitGone("dialog");
        assertThat(browser.script("return document.documentElement.outerHTML + [...document.querySelectorAll('input')]"
                + ".map(i => i.value).join()").asText()).doesNotContain(key);
    }

    @Test
    void rotatesAndRevokesAKey() {
        Signed user = ConsumersForTests.signUp();
        String other = user.request().contentType("application/json").body("{\"name\":\"Old program\"}").post("/keys")
                .path("api_key");
        Browser browser = console.browser();
        console.logInWithKey(user.apiKey());
        console.go("credits");
        console.awaitPanel("keys");

        browser.click("#keys button[aria-label='Rotate Old program']");
        browser.choose("dialog [name=grace]", "86400");
        assertThat(console.axe()).isEmpty();
        browser.click("dialog form button[type=submit]");
        browser.awaitThere("dialog .secret");
        String replacing = browser.script("return document.querySelector('dialog .secret input').value").asText();
        browser.click("//dialog//button[text()='I have kept it']");
        browser.awaitText("#keys .told", "Old program was rotated.");
        with(replacing).get("/me").then().statusCode(200);
        with(other).get("/me").then().statusCode(200);
        browser.awaitThere("//*[@id='keys']//tr[contains(., 'Good until')]//button[text()='Revoke']");
        browser.click("//*[@id='keys']//tr[contains(., 'Good until')]//button[text()='Revoke']");
        browser.awaitThere("dialog[open]");
        assertThat(console.axe()).isEmpty();
        browser.click("//dialog//button[text()='Cancel']");
        browser.awaitGone("dialog");
        user.request().get("/keys").then().body("data.findAll { it.revoked_at != null }.size()", equalTo(0));
        browser.click("//*[@id='keys']//tr[contains(., 'Good until')]//button[text()='Revoke']");
        browser.click("//dialog//button[text()='Revoke']");

        browser.awaitText("#keys .told", "Old program was revoked.");
        browser.awaitText("#keys tbody", "Revoked");
        user.request().get("/keys").then().body("data.findAll { it.revoked_at != null }.size()", equalTo(1));
    }

    @Test
    void makesAUserOfAStranger() {
        Browser browser = console.browser();
        String email = "jane." + UUID.randomUUID() + "@example.com";

        browser.click("button[data-kind=consumer]");
        browser.click("//button[text()='Sign up']");
        browser.type("[name=name]", "Jane Roe");
        browser.type("[name=email]", ConsumersForTests.signUp().email());
        browser.click("form button[type=submit]");
        browser.awaitThere("[role=alert]");
        browser.type("[name=email]", email);
        browser.click("form button[type=submit]");
        browser.awaitText("#main", "You have 100 credits");
        assertThat(console.axe()).isEmpty();
        browser.click("//button[contains(., 'log me in')]");

        browser.awaitThere("#nav a");
        console.go("credits");
        browser.awaitText("#balance", email);
        browser.awaitText("#balance", "100 credits");
    }
}
