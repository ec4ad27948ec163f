package dev.tally.credits;

import static dev.tally.testsupport.ConsumersForTests.execute;
import static dev.tally.testsupport.ConsumersForTests.signUp;
import static dev.tally.testsupport.ConsumersForTests.with;
import static dev.tally.testsupport.Within.within;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tally.testsupport.ConsumersForTests.Signed;
import dev.tally.testsupport.PostgresForTests;
import dev.tally.testsupport.UsersForTests;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;

@QuarkusTest
class KeysTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final String KEY = "tly_[0-9A-Za-z]{49}";

    private static String email() {
        return "jane." + UUID.randomUUID() + "@example.com";
    }

    private static RequestSpecification signingUp(String name, String email) {
        return given().contentType("application/json").body(Map.of("name", name, "email", email));
    }

    private static Response create(Signed user, Map<String, Object> body) {
        return user.request().contentType("application/json").body(body).post("/keys");
    }

    private static String query(String sql) {
        try (Connection connection = PostgresForTests.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return String.valueOf(result.getString(1));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void assertInvalidKey(Response answer) {
        answer.then().statusCode(401).contentType("application/problem+json")
                .header("WWW-Authenticate", "ApiKey realm=\"Tally\"").header("Cache-Control", "no-store")
                .body("code", is("API_KEY_INVALID")).body("detail", is("Invalid API key"))
                .body("error", is("Invalid API key")).body("instance", equalTo(answer.header("X-Request-Id")));
    }

    @Test
    void signsAStrangerUp() {
        String email = email();

        Response answer = signingUp("Jürgen 😀 O'Neil", email).post("/auth/signup");

        answer.then().statusCode(201).contentType("application/json").header("Cache-Control", "no-store")
                .body("size()", is(3)).body("credits", is(100)).body("api_key", matchesPattern(KEY));
        long id = answer.jsonPath().getLong("user_id");
        assertThat(query("SELECT name || email FROM users WHERE id = " + id)).isEqualTo("Jürgen 😀 O'Neil" + email);
        assertThat(query("SELECT string_agg(kind || amount || reference, ',') FROM ledger_entries WHERE user_id = "
                + id)).isEqualTo("grant100sign-up");
        assertThat(query("SELECT credits_balance FROM credits WHERE user_id = " + id)).isEqualTo("100");
        assertThat(query("SELECT api_key FROM api_keys WHERE user_id = " + id))
                .isEqualTo(ApiKey.sha256Hex(answer.<String>path("api_key")));
        with(answer.path("api_key")).get("/keys").then().statusCode(200);
    }

    @Test
    void refusesAnEmailThatIsUsedInAnyCase() {
        Signed first = signUp();

        Response answer = signingUp("Another", first.email().toUpperCase(java.util.Locale.ROOT)).post("/auth/signup");

        answer.then().statusCode(409).body("code", is("EMAIL_TAKEN"));
        assertThat(query("SELECT count(*) FROM users WHERE lower(email) = '" + first.email() + "'")).isEqualTo("1");
    }

    @Test
    void letsOneOfManyHaveAnEmail() throws Exception {
        String email = email();

        List<Integer> statuses = atOnce(8, () -> signingUp("Jane", email).post("/auth/signup").statusCode());

        assertThat(statuses).containsOnly(201, 409).containsOnlyOnce(201);
    }

    @ParameterizedTest
    @CsvSource({"'', a@b.example, name", "'  ', a@b.example, name", "'a\u0000b', a@b.example, name",
            "'a\nb', a@b.example, name", "Jane, '', email", "Jane, jane, email", "Jane, jane@, email",
            "Jane, @b.example, email", "Jane, jane@localhost, email", "Jane, 'ja ne@b.example', email",
            "Jane, jane@b..example, email", "Jane, jane@-b.example, email", "Jane, jané@b.example, email",
            "Jane, 'a@b.example\n', email", "Jane, 'a@b.example,c@d.example', email"})
    void refusesANameOrAnEmailThatIsNone(String name, String email, String field) {
        signingUp(name, email).post("/auth/signup").then().statusCode(400).body("code", is("REQUEST_INVALID"))
                .body("violations[0].field", is(field));
    }

    @Test
    void boundsNameAndEmail() {
        String local = "a".repeat(64);
        String domain = ".example".repeat(22) + ".example";
        String longest = local + "@" + ("b".repeat(254 - 65 - domain.length() - 1) + "c") + domain;

        assertThat(longest).hasSize(254);
        signingUp("n".repeat(200), local.substring(0, 30) + "@b.example").post("/auth/signup").then()
                .statusCode(201);
        signingUp("Jane", longest.replaceFirst("a", "")).post("/auth/signup").then().statusCode(201);
        signingUp("Jane", "a" + longest).post("/auth/signup").then().statusCode(400);
        signingUp("n".repeat(201), email()).post("/auth/signup").then().statusCode(400);
    }

    @Test
    void answersASignUpThatIsSentAgainWithTheSameBytes() {
        String email = email();
        String key = "signup-" + email;

        Response first = signingUp("Jane", email).header("Idempotency-Key", key).post("/auth/signup");
        Response again = signingUp("Jane", email).header("Idempotency-Key", key).post("/auth/signup");
        Response other = signingUp("Janet", email).header("Idempotency-Key", key).post("/auth/signup");

        first.then().statusCode(201).header("Idempotency-Replayed", nullValue());
        again.then().statusCode(201).header("Idempotency-Replayed", "true").header("Cache-Control", "no-store");
        assertThat(again.asByteArray()).isEqualTo(first.asByteArray());
        other.then().statusCode(422).body("code", is("IDEMPOTENCY_KEY_REUSED"));
    }

    @Test
    void mayTryAnIdempotencyKeyAgainWhenNothingWasDone() {
        Signed taken = signUp();
        String key = "again-" + taken.email();
        signingUp("Jane", taken.email()).header("Idempotency-Key", key).post("/auth/signup").then().statusCode(409);

        signingUp("Jane", email()).header("Idempotency-Key", key).post("/auth/signup").then().statusCode(201);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/keys", "/keys/1", "/query", "/record/x", "/me", "/me/ledger"})
    void asksAStrangerForAKeyWhereOnlyKeysAreOfUse(String path) {
        assertInvalidKey(given().get(path));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "tly_", "tly_Ab12", "key with spaces", "unknown-key",
            "tly_0000000000000000000000000000000000000000000000000"})
    void refusesAKeyThatIsNoneEverywhere(String key) {
        assertInvalidKey(with(key).get("/keys"));
        assertInvalidKey(with(key).get("/api/usage/352621000001"));
        assertInvalidKey(with(key).get("/no/such/path"));
    }

    @Test
    void takesTheKeyBeforeTheUser() {
        assertInvalidKey(UsersForTests.as("viewer").header("x-api-key", "wrong").get("/probe/viewer"));
        UsersForTests.as("viewer").header("x-api-key", signUp().apiKey()).get("/keys").then().statusCode(200);
        UsersForTests.as("admin").get("/keys").then().statusCode(403);
    }

    @Test
    void acceptsKeysOfThePredecessor() {
        Signed user = signUp();
        String old = "3fa85f64-" + UUID.randomUUID();
        execute("INSERT INTO api_keys (user_id, api_key) VALUES (" + user.userId()
                + ", encode(sha256('" + old + "'), 'hex'))");

        with(old).get("/keys").then().statusCode(200).body("count", is(2));
    }

    @Test
    void makesAndListsKeys() {
        Signed user = signUp();
        Instant end = Instant.parse("2099-01-02T03:04:05.678901Z");

        Response made = create(user, Map.of("name", "reporting", "expires_at", end.toString()));

        made.then().statusCode(201).header("Cache-Control", "no-store").body("api_key", matchesPattern(KEY))
                .body("size()", is(6)).body("name", is("reporting")).body("expires_at", is(end.toString()))
                .body("start", is(made.<String>path("api_key").substring(0, 8)));
        with(made.path("api_key")).get("/keys").then().statusCode(200).header("Cache-Control", "no-store")
                .header("ETag", nullValue()).body("count", is(2)).body("data", hasSize(2))
                .body("data[0].size()", is(8)).body("data[0].id", is(made.<Integer>path("id")))
                .body("data[0].start", is(made.<String>path("start")))
                .body("data[0].created_at", is(made.<String>path("created_at")))
                .body("data[0].revoked_at", nullValue()).body("data[0].scopes", hasSize(0))
                .body("data[1].expires_at", nullValue()).body(not(containsString(made.path("api_key"))));
    }

    @Test
    void pagesThroughKeys() {
        Signed user = signUp();
        create(user, Map.of("name", "two")).then().statusCode(201);

        Response first = user.request().get("/keys?limit=1");
        String next = first.header("Link").replaceAll("<(.*)>; rel=\"next\"", "$1");

        first.then().body("data.name", equalTo(List.of("two")));
        user.request().get(next).then().header("Link", nullValue()).body("data.name", equalTo(List.of("sign-up")));
        user.request().get("/keys?after=x").then().statusCode(400);
        user.request().get("/keys?limit=0").then().statusCode(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"name\":\" \"}", "{\"name\":\"a\\nb\"}",
            "{\"name\":\"a\",\"expires_at\":\"2001-01-01T00:00:00Z\"}",
            "{\"name\":\"a\",\"expires_at\":\"+999999999-01-01T00:00:00Z\"}",
            "{\"name\":\"a\",\"expires_at\":\"tomorrow\"}", "{\"name\":\"a\",\"expire\":null}", "[]", "{"})
    void refusesAKeyThatIsAskedForInAWrongWay(String body) {
        signUp().request().contentType("application/json").body(body).post("/keys").then().statusCode(400);
    }

    @Test
    void answersWithTheSameNewKeyWhenAskedAgain() {
        Signed user = signUp();
        RequestSpecification request = user.request().contentType("application/json").header("Idempotency-Key", "k")
                .body(Map.of("name", "n"));

        Response first = request.post("/keys");
        Response again = request.post("/keys");

        first.then().statusCode(201);
        again.then().statusCode(201).header("Idempotency-Replayed", "true");
        assertThat(again.asByteArray()).isEqualTo(first.asByteArray());
        user.request().get("/keys").then().body("count", is(2));
    }

    @Test
    void keepsNoKeyThatCanBeReadInTheDatabase() {
        Signed user = signUp();

        Response first = user.request().contentType("application/json").header("Idempotency-Key", "k")
                .body(Map.of("name", "n")).post("/keys");

        first.then().statusCode(201);
        assertThat(query("SELECT count(*) FROM platform.idempotency_key WHERE caller = 'user:" + user.userId()
                + "' AND encode(body, 'escape') LIKE '%" + first.path("api_key") + "%'")).isEqualTo("0");
    }

    @Test
    void revokesAKeyAtOnce() {
        Signed user = signUp();
        Response made = create(user, Map.of("name", "short-lived"));
        String key = made.path("api_key");
        with(key).get("/keys").then().statusCode(200);

        user.request().delete("/keys/" + made.path("id")).then().statusCode(204).header("Cache-Control", "no-store");

        within(SECOND, () -> with(key).get("/keys").statusCode() == 401);
        assertInvalidKey(with(key).get("/keys"));
        user.request().get("/keys").then().body("data[0].revoked_at", notNullValue());
        user.request().delete("/keys/" + made.path("id")).then().statusCode(404).body("code", is("API_KEY_NOT_FOUND"));
    }

    @Test
    void letsAUserRevokeTheKeyInUse() {
        Signed user = signUp();
        int id = user.request().get("/keys").path("data[0].id");

        user.request().delete("/keys/" + id).then().statusCode(204);

        within(SECOND, () -> user.request().get("/keys").statusCode() == 401);
    }

    @Test
    void hidesTheKeysOfOthers() {
        Signed user = signUp();
        int id = signUp().request().get("/keys").path("data[0].id");

        user.request().delete("/keys/" + id).then().statusCode(404).body("code", is("API_KEY_NOT_FOUND"));
        user.request().contentType("application/json").post("/keys/" + id + "/rotate").then().statusCode(404);
        user.request().delete("/keys/x").then().statusCode(400);
        assertThat(query("SELECT revoked_at FROM api_keys WHERE id = " + id)).isEqualTo("null");
    }

    @Test
    void replacesAKeyAndLetsTheOldOneEnd() {
        Signed user = signUp();
        Response made = create(user, Map.of("name", "app", "expires_at", "2099-01-01T00:00:00Z"));
        String path = "/keys/" + made.path("id") + "/rotate";
        String old = made.path("api_key");

        Response rotated = with(old).contentType("application/json").body("{\"grace_seconds\":0}").post(path);

        rotated.then().statusCode(201).body("name", is("app")).body("api_key", matchesPattern(KEY))
                .body("expires_at", notNullValue());
        within(SECOND, () -> with(old).get("/keys").statusCode() == 401);
        with(rotated.path("api_key")).get("/keys").then().statusCode(200);
        user.request().contentType("application/json").body("{}").post(path).then().statusCode(404);
    }

    @Test
    void keepsAReplacedKeyForItsGrace() {
        Signed user = signUp();
        int id = user.request().get("/keys").path("data[0].id");

        Response rotated = user.request().contentType("application/json").post("/keys/" + id + "/rotate");

        rotated.then().statusCode(201).body("expires_at", nullValue()).body("name", is("sign-up"));
        Response list = user.request().get("/keys");
        list.then().statusCode(200);
        assertThat(Duration.between(Instant.parse(rotated.path("created_at")),
                Instant.parse(list.path("data[1].expires_at")))).isEqualTo(Duration.ofHours(1));
        user.request().contentType("application/json").body("{\"grace_seconds\":2592001}")
                .post("/keys/" + id + "/rotate").then().statusCode(400);
        user.request().contentType("application/json").body("{\"grace_seconds\":-1}")
                .post("/keys/" + id + "/rotate").then().statusCode(400);
    }

    @Test
    void endsAKeyAtItsTime() {
        Signed user = signUp();
        // Far enough away to be used before, also where that takes long.
        Duration life = Duration.ofSeconds(6);
        String key = create(user, Map.of("name", "brief", "expires_at", Instant.now().plus(life).toString()))
                .path("api_key");
        with(key).get("/keys").then().statusCode(200);

        within(life, () -> with(key).get("/keys").statusCode() == 401);
    }

    @Test
    void boundsTheKeysOfAUserAlsoWhenManyAreAskedForAtOnce() throws Exception {
        Signed user = signUp();
        execute("INSERT INTO api_keys (user_id, api_key, name) SELECT " + user.userId()
                + ", encode(sha256(convert_to('x" + user.userId() + "-' || n, 'UTF8')), 'hex'), 'many'"
                + " FROM generate_series(1, 46) n");

        List<Integer> statuses = atOnce(8, () -> create(user, Map.of("name", "n")).statusCode());

        assertThat(statuses).filteredOn(status -> status == 201).hasSize(3);
        assertThat(statuses).filteredOn(status -> status == 409).hasSize(5);
        create(user, Map.of("name", "n")).then().body("code", is("TOO_MANY_KEYS"));
        int id = user.request().get("/keys").path("data[49].id");
        user.request().contentType("application/json").post("/keys/" + id + "/rotate").then().statusCode(201);
        user.request().contentType("application/json").post("/keys/" + id + "/rotate").then().statusCode(409);
    }

    @Test
    void forgetsTheOldestOfTheKeysThatHaveEnded() {
        Signed user = signUp();
        execute("INSERT INTO api_keys (user_id, api_key, name, revoked_at, expires_at) SELECT " + user.userId()
                + ", encode(sha256(convert_to('e" + user.userId() + "-' || n, 'UTF8')), 'hex'), 'ended ' || n,"
                + " CASE n % 2 WHEN 0 THEN now() END, CASE n % 2 WHEN 1 THEN now() - interval '1 day' END"
                + " FROM generate_series(1, 1010) n");

        create(user, Map.of("name", "n")).then().statusCode(201);

        String ended = " FROM api_keys WHERE name LIKE 'ended %' AND user_id = " + user.userId();
        assertThat(query("SELECT count(*)" + ended)).isEqualTo("1000");
        assertThat(query("SELECT name" + ended + " ORDER BY id LIMIT 1")).isEqualTo("ended 11");
        int id = user.request().get("/keys?limit=1").path("data[0].id");
        user.request().contentType("application/json").body(Map.of("grace_seconds", 0)).post("/keys/" + id + "/rotate")
                .then().statusCode(201);
        assertThat(query("SELECT name" + ended + " ORDER BY id LIMIT 1")).isEqualTo("ended 12");
    }

    @Test
    void seesAtOnceWhatIsChangedBySql() {
        Signed user = signUp();
        user.request().get("/api/usage/352621000001").then().statusCode(403).body("code", is("FORBIDDEN"));

        execute("UPDATE users SET scopes = '{calls}' WHERE id = " + user.userId());
        within(SECOND, () -> user.request().get("/api/usage/352621000001").statusCode() != 403);

        execute("UPDATE api_keys SET revoked_at = now() WHERE user_id = " + user.userId());
        within(SECOND, () -> user.request().get("/keys").statusCode() == 401);
    }

    @Test
    void writesWhenAKeyWasLastUsed() {
        Signed user = signUp();

        user.request().get("/keys").then().statusCode(200);

        await().atMost(Duration.ofSeconds(30)).until(() -> !query("SELECT last_used_at FROM api_keys WHERE user_id = "
                + user.userId()).equals("null"));
        user.request().get("/keys").then().body("data[0].last_used_at", notNullValue());
    }

    private static <T> List<T> atOnce(int times, Callable<T> work) throws Exception {
        List<T> results = new ArrayList<>();
        try (ExecutorService executor = Executors.newFixedThreadPool(times)) {
            for (var result : executor.invokeAll(java.util.Collections.nCopies(times, work))) {
                results.add(result.get());
            }
        }
        return results;
    }
}
