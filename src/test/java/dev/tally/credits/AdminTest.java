package dev.tally.credits;

import static dev.tally.testsupport.UsersForTests.as;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tally.credits.CreditsDatabase.TestUser;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;

@QuarkusTest
class AdminTest {
    private static final long MOST_CREDITS = 9_007_199_254_740_991L;

    private static Response topUp(String email, Object amount) {
        return as("admin").queryParam("user_email", email).queryParam("amount", amount).post("/admin/topup");
    }

    private static Response topUp(String email, Object amount, String key) {
        return as("admin").header("Idempotency-Key", key).queryParam("user_email", email)
                .queryParam("amount", amount).post("/admin/topup");
    }

    private static String balance(TestUser user) {
        return CreditsDatabase.rows("SELECT credits_balance FROM credits WHERE user_id = ?", user.id()).getFirst();
    }

    @Test
    void topsUp() {
        TestUser user = CreditsDatabase.user(100);

        Response answer = topUp(user.email(), 500);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.asString())
                .isEqualTo("{\"user_id\":" + user.id() + ",\"email\":\"" + user.email() + "\",\"credits\":600}");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(CreditsDatabase.rows("SELECT kind, amount, balance_after, reference FROM ledger_entries"
                + " WHERE user_id = ? ORDER BY number", user.id()))
                .containsExactly("adjustment 100 100 changed in the database", "topup 500 600 topup by admin");
    }

    @Test
    void findsTheUserInCapitalOrSmallLetters() {
        TestUser user = CreditsDatabase.user(0);

        topUp(user.email().toUpperCase(Locale.ROOT), 1_000_000_000).then().statusCode(200)
                .body("email", equalTo(user.email())).body("credits", equalTo(1_000_000_000));
    }

    @Test
    void opensTheAccountOfAUserThatWasMadeByHand() {
        TestUser user = CreditsDatabase.userWithoutAccount();

        topUp(user.email(), 7).then().statusCode(200).body("credits", equalTo(7));
        topUp(user.email(), 7).then().statusCode(200).body("credits", equalTo(14));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "+5", "1000000001", "1.5", "1e3", "abc", "", "99999999999999999999", "١"})
    void refusesAnAmountOutOfRange(String amount) {
        TestUser user = CreditsDatabase.user(100);

        topUp(user.email(), amount).then().statusCode(400)
                .body("detail", equalTo("amount is a whole number from 1 to 1000000000."))
                .body("error", equalTo("amount is a whole number from 1 to 1000000000."));

        assertThat(balance(user)).isEqualTo("100");
    }

    @Test
    void refusesATopUpOfNobody() {
        as("admin").post("/admin/topup?amount=5").then().statusCode(400);
        as("admin").post("/admin/topup?amount=5&user_email=").then().statusCode(400);
        as("admin").post("/admin/topup?user_email=nobody@example.com").then().statusCode(400);
        topUp("nobody@example.com", 5).then().statusCode(404).body("code", equalTo("USER_NOT_FOUND"))
                .contentType("application/problem+json");
    }

    @Test
    void refusesMoreCreditsThanThereMayBe() {
        TestUser user = CreditsDatabase.user(MOST_CREDITS - 1);
        String key = UUID.randomUUID().toString();

        topUp(user.email(), 2, key).then().statusCode(409).body("code", equalTo("CREDITS_TOO_MANY"));
        assertThat(balance(user)).isEqualTo(Long.toString(MOST_CREDITS - 1));
        CreditsDatabase.run("UPDATE credits SET credits_balance = 0 WHERE user_id = ?", user.id());

        topUp(user.email(), 2, key).then().statusCode(200).header("Idempotency-Replayed", nullValue())
                .body("credits", equalTo(2));
    }

    @Test
    void isForAdministratorsOnly() {
        for (String path : List.of("/admin/users", "/admin/ledger", "/admin/balances", "/admin/usage", "/admin/logs")) {
            given().get(path).then().statusCode(401).header("WWW-Authenticate", notNullValue());
            as("operator").get(path).then().statusCode(403);
        }
        given().post("/admin/topup?user_email=a@b.c&amount=1").then().statusCode(401);
        as("operator").post("/admin/topup?user_email=a@b.c&amount=1").then().statusCode(403);
        as("viewer").contentType("application/json").body("{\"scopes\":[]}").put("/admin/users/1/scopes").then()
                .statusCode(403);
    }

    @Test
    void isForTheKeysOfAdministrators() {
        TestUser user = CreditsDatabase.user(1);
        TestUser admin = CreditsDatabase.user(1);
        CreditsDatabase.run("UPDATE users SET is_admin = true WHERE id = ?", admin.id());
        String key = admin.giveKey();

        given().header("x-api-key", user.giveKey()).get("/admin/users").then().statusCode(403);
        given().header("x-api-key", key).get("/admin/users?limit=1").then().statusCode(200);
        given().header("x-api-key", key).queryParam("user_email", user.email()).queryParam("amount", 2)
                .post("/admin/topup").then().statusCode(200).body("credits", equalTo(3));
        assertThat(CreditsDatabase.rows("SELECT reference FROM ledger_entries WHERE user_id = ? AND kind = 'topup'",
                user.id())).containsExactly("topup by user:" + admin.id());
        given().header("x-admin-key", "not that of the administrators").post("/admin/topup?user_email=a@b.c&amount=1")
                .then().statusCode(401).body("detail", equalTo("Invalid API key"));
    }

    @Test
    void replaysATopUpByteForByte() {
        TestUser user = CreditsDatabase.user(100);
        String key = UUID.randomUUID().toString();

        Response first = topUp(user.email(), 500, key);
        topUp(user.email(), 1).then().statusCode(200);
        Response second = topUp(user.email(), 500, key);

        assertThat(first.header("Idempotency-Replayed")).isNull();
        assertThat(second.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(second.statusCode()).isEqualTo(200);
        assertThat(second.asByteArray()).isEqualTo(first.asByteArray());
        assertThat(second.contentType()).isEqualTo(first.contentType());
        assertThat(balance(user)).isEqualTo("601");
        topUp(user.email(), 501, key).then().statusCode(422).body("code", equalTo("IDEMPOTENCY_KEY_REUSED"));
    }

    @ParameterizedTest
    @CsvSource({"nobody-there@example.com, 5, 404", "nobody-there@example.com, 0, 400"})
    void replaysAFinalFault(String email, String amount, int status) {
        String key = UUID.randomUUID().toString();

        Response first = topUp(email, amount, key);
        Response second = topUp(email, amount, key);

        assertThat(first.statusCode()).isEqualTo(status);
        assertThat(first.contentType()).isEqualTo("application/problem+json");
        assertThat(second.statusCode()).isEqualTo(status);
        assertThat(second.asByteArray()).isEqualTo(first.asByteArray());
        assertThat(second.contentType()).isEqualTo("application/problem+json");
        assertThat(second.header("Idempotency-Replayed")).isEqualTo("true");
    }

    @Test
    void topsUpOnceHoweverOftenItIsSentAtOnce() throws Exception {
        TestUser user = CreditsDatabase.user(0);
        String key = UUID.randomUUID().toString();
        Callable<Integer> request = () -> topUp(user.email(), 10, key).statusCode();

        try (ExecutorService clients = Executors.newFixedThreadPool(8)) {
            List<Future<Integer>> answers = clients.invokeAll(Stream.generate(() -> request).limit(16).toList());
            for (Future<Integer> answer : answers) {
                assertThat(answer.get()).isIn(200, 409);
            }
        }

        topUp(user.email(), 10, key).then().statusCode(200).body("credits", equalTo(10));
        assertThat(balance(user)).isEqualTo("10");
    }

    @Test
    void listsUsers() {
        TestUser user = CreditsDatabase.user(3);
        CreditsDatabase.run("UPDATE users SET is_admin = true, scopes = '{reports,calls}' WHERE id = ?", user.id());
        String createdAt = as("admin").queryParam("email_like", user.email().toUpperCase(Locale.ROOT))
                .get("/admin/users").then()
                .statusCode(200).header("Cache-Control", "no-store").header("ETag", nullValue())
                .body("count", equalTo(1)).body("data", hasSize(1))
                .body("data[0].user_id", equalTo((int) user.id())).body("data[0].name", equalTo("John Smith"))
                .body("data[0].email", equalTo(user.email())).body("data[0].is_admin", equalTo(true))
                .body("data[0].credits", equalTo(3)).body("data[0].scopes", equalTo(List.of("reports", "calls")))
                .body("data[0].keySet()", hasSize(7))
                .extract().path("data[0].created_at");

        Response csv = as("admin").queryParam("email_like", user.email()).get("/admin/users?format=csv");

        assertThat(csv.asString()).isEqualTo("user_id,name,email,is_admin,credits,scopes,created_at\r\n" + user.id()
                + ",John Smith," + user.email() + ",true,3,reports calls," + createdAt + "\r\n");
        assertThat(csv.header("Cache-Control")).isEqualTo("no-store");
        as("admin").get("/admin/users?format=xlsx&limit=1").then().statusCode(200)
                .header("Content-Disposition", containsString("users.xlsx"));
    }

    @Test
    void listsUsersWithLowBalances() {
        TestUser low = CreditsDatabase.user(9);
        TestUser none = CreditsDatabase.userWithoutAccount();
        TestUser enough = CreditsDatabase.user(10);

        for (TestUser user : List.of(low, none, enough)) {
            as("admin").queryParam("email_like", user.email()).queryParam("credits_below", 10).get("/admin/users")
                    .then().statusCode(200).body("data", hasSize(user.equals(enough) ? 0 : 1));
        }
        assertThat(as("admin").queryParam("email_like", low.email())
                .get("/admin/users?credits_below=10&format=csv").asString()).contains(low.email());
        for (String below : List.of("0", "-1", "9007199254740992", "1.5", "few")) {
            as("admin").queryParam("credits_below", below).get("/admin/users").then().statusCode(400);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "_ohn", "\\", "John.%@", "x' OR ''='"})
    void takesWildcardsAsTheyStand(String part) {
        CreditsDatabase.user(0);

        as("admin").queryParam("email_like", part).get("/admin/users").then().statusCode(200)
                .body("data", hasSize(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=1001", "limit=abc", "limit=-1", "after=abc",
            "after=99999999999999999999"})
    void refusesAPageOutOfRange(String query) {
        for (String path : List.of("/admin/users", "/admin/ledger", "/admin/usage", "/admin/logs")) {
            as("admin").get(path + "?" + query).then().statusCode(400).body("code", equalTo("PARAMETER_INVALID"));
        }
    }

    @ParameterizedTest
    @CsvSource({"start_date=1.1.2024, 400", "end_date=2024-02-30, 400",
            "start_date=2024-02-02&end_date=2024-02-01, 400",
            "zone=Mars, 400", "start_date=2000-01-01&end_date=2024-01-01, 400", "format=pdf, 406",
            "start_date=0001-01-01, 200", "end_date=9999-12-31, 200", "start_date=9999-01-01, 200"})
    void checksTheRange(String query, int status) {
        as("admin").get("/admin/usage?" + query).then().statusCode(status);
        as("admin").get("/admin/logs?" + query).then().statusCode(status);
    }

    @Test
    void showsTheLedger() {
        TestUser user = CreditsDatabase.user(100);
        topUp(user.email(), 500).then().statusCode(200);
        CreditsDatabase.run("UPDATE credits SET credits_balance = 550 WHERE user_id = ?", user.id());

        as("admin").queryParam("user_email", user.email()).get("/admin/ledger").then().statusCode(200)
                .header("Cache-Control", "no-store").header("ETag", nullValue())
                .body("count", equalTo(3)).body("data.kind", equalTo(List.of("adjustment", "topup", "adjustment")))
                .body("data.amount", equalTo(List.of(-50, 500, 100)))
                .body("data.balance_after", equalTo(List.of(550, 600, 100)))
                .body("data.user_id", equalTo(List.of((int) user.id(), (int) user.id(), (int) user.id())));
        String csv = as("admin").queryParam("user_email", user.email()).get("/admin/ledger?format=csv&limit=1")
                .asString();
        assertThat(csv).startsWith("id,user_id,created_at,kind,amount,balance_after,reference\r\n")
                .endsWith(",adjustment,-50,550,changed in the database\r\n");
        as("admin").get("/admin/ledger?user_email=nobody@example.com").then().statusCode(404);
        as("admin").get("/admin/ledger?limit=1").then().statusCode(200).header("Link", containsString("rel=\"next\""));
    }

    @Test
    void showsTheBalanceOfOneUserOnly() {
        as("admin").get("/admin/balances").then().statusCode(400).body("code", equalTo("PARAMETER_INVALID"));
        as("admin").get("/admin/balances?user_email=nobody@example.com").then().statusCode(404);
    }

    @Test
    void refusesAPageAfterAnotherUsersEntry() {
        TestUser user = CreditsDatabase.user(100);
        String others = CreditsDatabase.rows("SELECT id FROM ledger_entries WHERE user_id = ?",
                CreditsDatabase.user(100).id()).getFirst();

        as("admin").queryParam("user_email", user.email()).get("/admin/ledger?after=" + others).then().statusCode(400);
    }

    @Test
    void setsScopes() {
        TestUser user = CreditsDatabase.user(5);

        setScopes(user.id(), "[\"reports\",\"calls\",\"calls\"]").then().statusCode(200)
                .header("Cache-Control", "no-store")
                .body("user_id", equalTo((int) user.id())).body("scopes", equalTo(List.of("calls", "reports")))
                .body("credits", equalTo(5));
        assertThat(CreditsDatabase.rows("SELECT scopes FROM users WHERE id = ?", user.id()))
                .containsExactly("{calls,reports}");

        setScopes(user.id(), "[]").then().statusCode(200).body("scopes", hasSize(0));
    }

    private static Response setScopes(Object id, String scopes) {
        return as("admin").contentType("application/json").body("{\"scopes\":" + scopes + "}")
                .put("/admin/users/" + id + "/scopes");
    }

    @Test
    void refusesScopesThatThereAreNot() {
        TestUser user = CreditsDatabase.user(5);

        setScopes(user.id(), "[\"calls\",\"admin\"]").then().statusCode(400)
                .body("violations.field", hasItem("scopes[1]"))
                .body("violations.message", hasItem(containsString("calls, analytics")));
        setScopes(user.id(), "null").then().statusCode(400).body("violations.field", hasItem("scopes"));
        setScopes(user.id(), "[null]").then().statusCode(400);
        setScopes(user.id(), "\"calls\"").then().statusCode(400);
        setScopes(999_999_999, "[\"calls\"]").then().statusCode(404).body("code", equalTo("USER_NOT_FOUND"));
        setScopes("abc", "[\"calls\"]").then().statusCode(404);
        assertThat(CreditsDatabase.rows("SELECT scopes FROM users WHERE id = ?", user.id())).containsExactly("{}");
    }

    @Test
    void showsWhatWasAsked() {
        TestUser user = CreditsDatabase.user(5);
        CreditsDatabase.run("INSERT INTO usage_logs (user_id, endpoint, query_params, records_returned, credits_used,"
                + " response_time_ms, created_at) VALUES (?, '/query', '{\"limit\":50}', 42, 1, 7, '2024-03-01T23:30:00Z'),"
                + " (?, '/record', '{}', 0, 1, NULL, '2024-03-02T00:00:00Z')", user.id(), user.id());

        String csv = as("admin").queryParam("user_email", user.email()).get("/admin/logs?format=csv").asString();

        assertThat(csv.lines().map(line -> line.replaceFirst("^[0-9]+," + user.id() + ",", "")))
                .containsExactly("id,user_id,created_at,endpoint,query_params,records_returned,credits_used,"
                        + "response_time_ms,state", "2024-03-02T00:00:00Z,/record,{},0,1,,answered",
                        "2024-03-01T23:30:00Z,/query,\"{\"\"limit\"\":50}\",42,1,7,answered");
        as("admin").queryParam("user_email", user.email()).get("/admin/logs?start_date=2024-03-02&zone=Europe/Paris")
                .then().body("data", hasSize(2)).body("zone", equalTo("Europe/Paris"));
        as("admin").queryParam("user_email", user.email()).get("/admin/logs?start_date=2024-03-02&zone=UTC")
                .then().body("data.endpoint", equalTo(List.of("/record")));
        as("admin").get("/admin/logs?start_date=2024-03-01&end_date=2024-03-01").then()
                .body("data.user_id", hasItem((int) user.id()))
                .body("data.created_at", not(hasItem("2024-03-02T00:00:00Z")));
    }
}
