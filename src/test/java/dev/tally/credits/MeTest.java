package dev.tally.credits;

import static dev.tally.testsupport.UsersForTests.as;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tally.credits.CreditsDatabase.TestUser;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;

@QuarkusTest
class MeTest {
    private static Response get(String key, String path) {
        return given().urlEncodingEnabled(false).header("x-api-key", key).get(path);
    }

    private static void ask(TestUser user, String at, String endpoint, int records, int credits, String state) {
        CreditsDatabase.run("INSERT INTO usage_logs (user_id, endpoint, query_params, records_returned, credits_used,"
                + " created_at, state) VALUES (?, ?, '{}', ?, ?, ?::timestamptz, ?)", user.id(), endpoint, records,
                credits, at, state);
    }

    @Test
    void showsTheAccount() {
        TestUser user = CreditsDatabase.user(97);
        String key = user.giveKey();

        get(key, "/me").then().statusCode(200).header("Cache-Control", "no-store").header("ETag", nullValue())
                .body("user_id", equalTo((int) user.id())).body("name", equalTo("John Smith"))
                .body("email", equalTo(user.email())).body("credits", equalTo(97))
                .body("keySet()", equalTo(Set.of("user_id", "name", "email", "credits", "rate_limit")))
                .body("rate_limit.keySet()", equalTo(Set.of("limit", "remaining", "reset_seconds")));
        CreditsDatabase.run("UPDATE credits SET credits_balance = 5 WHERE user_id = ?", user.id());

        get(key, "/me").then().body("credits", equalTo(5));
    }

    @Test
    void showsAUserThatWasMadeByHandWithoutAnAccount() {
        get(CreditsDatabase.userWithoutAccount().giveKey(), "/me").then().statusCode(200).body("credits", equalTo(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/me", "/me/ledger", "/me/balances", "/me/usage"})
    void isForConsumersOnly(String path) {
        given().get(path).then().statusCode(401).header("WWW-Authenticate", notNullValue())
                .body("detail", equalTo("Invalid API key")).body("code", equalTo("API_KEY_INVALID"));
        get("not-a-key", path).then().statusCode(401).body("detail", equalTo("Invalid API key"));
        as("admin").get(path).then().statusCode(403);
    }

    @Test
    void showsTheLedgerInPages() {
        TestUser user = CreditsDatabase.user(100);
        String key = user.giveKey();
        CreditsDatabase.user(55);
        CreditsDatabase.run("SELECT ledger.add(?, 'topup', 500, 'topup by admin', now())", user.id());
        CreditsDatabase.run("UPDATE credits SET credits_balance = 597 WHERE user_id = ?", user.id());

        Response first = get(key, "/me/ledger?limit=2");

        first.then().statusCode(200).header("Cache-Control", "no-store").header("ETag", nullValue())
                .body("data.kind", equalTo(List.of("adjustment", "topup")))
                .body("data.amount", equalTo(List.of(-3, 500)))
                .body("data.balance_after", equalTo(List.of(597, 600)))
                .body("data.reference", equalTo(List.of("changed in the database", "topup by admin")))
                .body("data[0].keySet()", equalTo(Set.of("id", "created_at", "kind", "amount",
                        "balance_after", "reference")));
        String link = first.header("Link");
        assertThat(link).endsWith(">; rel=\"next\"");
        Response last = get(key, link.substring(1, link.indexOf('>')));
        last.then().body("data.balance_after", equalTo(List.of(100))).header("Link", nullValue());
        int sum = first.jsonPath().getList("data.amount", Integer.class).stream().mapToInt(Integer::intValue).sum()
                + last.jsonPath().getInt("data[0].amount");
        assertThat(sum).isEqualTo(597);
        assertThat(get(key, "/me/ledger?format=csv&limit=1").asString())
                .startsWith("id,created_at,kind,amount,balance_after,reference\r\n")
                .endsWith(",adjustment,-3,597,changed in the database\r\n");
        get(key, "/me/ledger?format=xlsx").then().statusCode(200)
                .header("Content-Disposition", containsString("ledger.xlsx"));
    }

    @Test
    void doesNotShowWhereAnotherUsersEntryIs() {
        String others = CreditsDatabase.rows("SELECT id FROM ledger_entries WHERE user_id = ?",
                CreditsDatabase.user(1).id()).getFirst();

        get(CreditsDatabase.user(1).giveKey(), "/me/ledger?after=" + others).then().statusCode(400);
    }

    @ParameterizedTest
    @CsvSource({"/me/ledger?limit=0", "/me/ledger?limit=1001", "/me/ledger?after=x", "/me/usage?zone=Mars",
            "/me/balances?zone=Mars",
            "/me/usage?start_date=1.1.2024", "/me/usage?start_date=2024-02-02&end_date=2024-02-01"})
    void refuses(String path) {
        get(CreditsDatabase.user(1).giveKey(), path).then().statusCode(400);
    }

    @Test
    void showsTheBalanceDayByDay() {
        TestUser user = CreditsDatabase.userWithoutAccount();
        String key = user.giveKey();
        CreditsDatabase.run("INSERT INTO credits (user_id, credits_balance) VALUES (?, 0)", user.id());
        add(user, "grant", 100, "2024-03-30T22:00:00Z");
        add(user, "adjustment", -7, "2024-03-30T22:59:59.999999Z");
        // In Paris the 31st begins here; it has 23 hours.
        add(user, "topup", 50, "2024-03-30T23:00:00Z");
        add(user, "adjustment", -1, "2024-03-31T21:59:59.999999Z");
        add(user, "adjustment", -2, "2024-03-31T22:00:00Z");
        CreditsDatabase.user(5);

        assertThat(get(key, "/me/balances?format=csv&zone=Europe/Paris").asString())
                .isEqualTo("""
                           date,entries,added,taken,balance\r
                           2024-03-30,2,100,7,93\r
                           2024-03-31,2,50,1,142\r
                           2024-04-01,1,0,2,140\r
                           """);
        get(key, "/me/balances?start_date=2024-03-31&end_date=2024-03-31").then().statusCode(200)
                .header("Cache-Control", "no-store").header("ETag", nullValue()).body("zone", equalTo("UTC"))
                .body("data", equalTo(List.of(Map.of("date", "2024-03-31", "entries", 2, "added", 0, "taken", 3,
                        "balance", 140))));
        get(key, "/me/balances?format=xlsx").then().statusCode(200)
                .header("Content-Disposition", containsString("balances.xlsx"));
        as("admin").queryParam("user_email", user.email()).get("/admin/balances").then().statusCode(200)
                .body("data.balance", equalTo(List.of(143, 140)));
    }

    private static void add(TestUser user, String kind, int amount, String at) {
        CreditsDatabase.run("SELECT ledger.add(?, ?, ?, 'test', ?::timestamptz)", user.id(), kind, amount, at);
    }

    @Test
    void sumsUpUsageByDayAndEndpoint() {
        TestUser user = CreditsDatabase.user(100);
        String key = user.giveKey();
        ask(user, "2024-03-30T23:30:00Z", "/query", 40, 1, "answered");
        ask(user, "2024-03-31T10:00:00Z", "/record", 1, 1, "answered");
        ask(user, "2024-03-31T10:00:00Z", "/query", 60, 2, "answered");
        ask(user, "2024-03-31T11:00:00Z", "/query", 7, 0, "refunded");
        // The day has 23 hours in Paris, and ends at 22:00 in UTC.
        ask(user, "2024-03-31T21:59:59.999999Z", "/query", 5, 1, "answered");
        ask(user, "2024-03-31T22:00:00Z", "/query", 3, 1, "answered");
        ask(CreditsDatabase.user(1), "2024-03-31T10:00:00Z", "/query", 1_000, 10, "answered");

        assertThat(get(key, "/me/usage?format=csv&zone=Europe/Paris").asString())
                .isEqualTo("""
                           date,endpoint,requests,records_returned,credits_used\r
                           2024-03-31,/query,3,105,4\r
                           2024-03-31,/record,1,1,1\r
                           2024-04-01,/query,1,3,1\r
                           """);
        get(key, "/me/usage?start_date=2024-03-30&end_date=2024-03-30").then().statusCode(200)
                .header("Cache-Control", "no-store").header("ETag", nullValue())
                .body("data", hasSize(1)).body("count", equalTo(1)).body("zone", equalTo("UTC"))
                .body("data[0]", equalTo(Map.of("date", "2024-03-30", "endpoint", "/query", "requests", 1,
                        "records_returned", 40, "credits_used", 1)));
        get(key, "/me/usage?format=xlsx").then().statusCode(200)
                .header("Content-Disposition", containsString("usage.xlsx"));
    }
}
