package dev.tally.console;

import static dev.tally.testsupport.ConsumersForTests.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tally.testsupport.Browser;
import dev.tally.testsupport.ConsumersForTests;
import dev.tally.testsupport.ConsumersForTests.Signed;
import dev.tally.testsupport.NeedsChromium;
import dev.tally.testsupport.UsersForTests;
import io.quarkus.test.junit.QuarkusTest;

/** What administrators see of all accounts, and do to them. */
@QuarkusTest
@NeedsChromium
class AccountsScreenTest {
    @RegisterExtension
    final ConsoleScreen console = new ConsoleScreen();

    private void openTopUp(Signed user) {
        console.logInAs("admin");
        console.go("credits?email_like=" + user.email());
        console.awaitPanel("users");
        console.browser().click("#users button[aria-label='Top up " + user.email() + "']");
        console.browser().type("dialog [name=amount]", "500");
    }

    private static List<Object> topUps(Signed user) {
        return UsersForTests.as("admin").queryParam("user_email", user.email()).get("/admin/ledger").jsonPath()
                .getList("data.findAll { it.kind == 'topup' }.amount");
    }

    @Test
    void topsUpOnceByADoubleClick() {
        Signed user = ConsumersForTests.signUp();
        openTopUp(user);
        assertThat(console.axe()).isEmpty();
        console.picture("credits-top-up");

        console.browser().script("const button = document.querySelector('dialog button[type=submit]');"
                + "button.click(); button.click();");

        console.browser().awaitGone("dialog");
        console.browser().awaitText("#users tbody", "600");
        assertThat(user.balance()).isEqualTo(600);
        assertThat(topUps(user)).isEqualTo(List.of(500));
    }

    @Test
    void topsUpOnceWhenTheAnswerWasLost() {
        Signed user = ConsumersForTests.signUp();
        openTopUp(user);
        Browser browser = console.browser();
        browser.script("const real = window.fetch; window.fetch = async (...asked) => {"
                + "const answer = await real(...asked);"
                + "if (!String(asked[0]).includes('topup')) return answer;"
                + "window.fetch = real; throw new TypeError('lost'); }");

        browser.click("dialog button[type=submit]");
        browser.awaitText("dialog [role=alert]", "Tally cannot be reached");
        browser.click("dialog button[type=submit]");

        browser.awaitGone("dialog");
        browser.awaitText("#users tbody", "600");
        assertThat(topUps(user)).isEqualTo(List.of(500));
    }

    @Test
    void saysWhyAnAmountIsRefused() {
        openTopUp(ConsumersForTests.signUp());
        Browser browser = console.browser();

        browser.type("dialog [name=amount]", "0");
        browser.click("dialog button[type=submit]");

        browser.awaitThere("dialog [data-field=amount] .field-fault:not([hidden])");
        browser.click("//dialog//button[text()='Cancel']");
        browser.awaitGone("dialog");
    }

    @Test
    void showsLowBalancesTheLowestFirst() throws IOException {
        Signed user = ConsumersForTests.signUp();
        String part = user.email().substring(5, 41);
        Signed other = ConsumersForTests.signUp();
        execute("UPDATE users SET email = 'x." + user.email() + "' WHERE id = " + other.userId());
        execute("UPDATE credits SET credits_balance = 7 WHERE user_id = " + user.userId());
        execute("UPDATE credits SET credits_balance = 3 WHERE user_id = " + other.userId());
        console.logInAs("admin");

        console.go("credits?below=10&email_like=" + part);

        console.awaitChart("low-balances");
        console.awaitPanel("users");
        console.picture("credits-users");
        assertThat(console.tableOf("low-balances")).extracting(row -> row.get(2)).containsExactly("3", "7");
        assertThat(Files.readString(console.download("low-balances", "CSV"))).contains(user.email());
    }

    @Test
    void setsScopes() {
        Signed user = ConsumersForTests.signUp();
        Browser browser = console.browser();
        console.logInAs("admin");
        console.go("credits?email_like=" + user.email());
        console.awaitPanel("users");

        browser.click("#users button[aria-label='Scopes of " + user.email() + "']");
        browser.click("dialog [name=calls]");
        browser.click("dialog [name=reports]");
        assertThat(console.axe()).isEmpty();
        browser.click("dialog button[type=submit]");

        browser.awaitText("#users tbody", "calls, reports");
        UsersForTests.as("admin").queryParam("email_like", user.email()).get("/admin/users").then()
                .body("data[0].scopes", equalTo(List.of("calls", "reports")));
    }

    @Test
    void goesFromAUserToTheLedger() {
        Signed user = ConsumersForTests.signUp();
        Browser browser = console.browser();
        console.logInAs("admin");
        console.go("credits?email_like=" + user.email());
        console.awaitPanel("users");

        browser.click("#users a[aria-label='Ledger of " + user.email() + "']");

        browser.awaitText("#ledger tbody", "Grant");
        console.awaitChart("burn-down");
        assertThat(console.axe()).isEmpty();
        console.picture("credits-ledger");
    }

    @ParameterizedTest
    @ValueSource(strings = {"usage", "ledger", "questions"})
    void showsAllUsers(String view) {
        Signed user = ConsumersForTests.signUp();
        execute("INSERT INTO usage_logs (user_id, endpoint, query_params, records_returned, credits_used, created_at)"
                + " VALUES (" + user.userId() + ", '/query', '{\"limit\":50}', 42, 1, now())");
        console.logInAs("admin");

        console.go("credits?view=" + view);

        console.browser().awaitThere("#main nav a[aria-current][href='#/credits?view=" + view + "']");
        console.browser().awaitGone("#main [aria-busy=true]");
        assertThat(console.browser().count("#main [role=alert], #main .empty")).isZero();
        assertThat(console.axe()).isEmpty();
        console.picture("credits-all-" + view);
    }

    @Test
    void isForAdministratorsOnly() {
        console.logInAs("operator");

        assertThat(console.browser().count("#nav a[href='#/credits']")).isZero();
    }

    @Test
    void showsAKeyOfAnAdministratorBoth() {
        Signed user = ConsumersForTests.signUp();
        execute("UPDATE users SET is_admin = true WHERE id = " + user.userId());
        console.logInWithKey(user.apiKey());

        console.go("credits");
        console.awaitPanel("balance");
        console.browser().click("//nav//a[text()='Users']");

        assertThat(console.awaitPanel("users")).isEqualTo("shown");
    }
}
