package dev.tally.credits;

import static dev.tally.testsupport.Within.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.tally.local.LocalPostgres;
import dev.tally.testsupport.PackagedTally;
import dev.tally.testsupport.ScratchDatabase;
import dev.tally.testsupport.UsersForTests;

/** Processes on one database agree on keys, and none of them writes one into its log. */
@Timeout(300)
class KeysOfReplicasIT {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final String ADMIN_KEY = "an-admin-key-of-these-tests";

    private final String url = ScratchDatabase.createEmpty("tally_keys_it");
    private final Map<String, String> environment;
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    KeysOfReplicasIT(@TempDir Path directory) throws IOException {
        Path users = Files.writeString(directory.resolve("users"),
                "viewer = " + UsersForTests.digest("viewer") + ", viewer\n");
        environment = new HashMap<>(Map.of("TALLY_USERS_FILE", users.toString(), "POSTGRES_URL", url, "POSTGRES_USER",
                LocalPostgres.USER, "POSTGRES_PASSWORD", "none", "TALLY_POSTGRES_MIGRATE_AT_START", "true",
                "ADMIN_API_KEY", ADMIN_KEY));
    }

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void refuseWhatAnotherHasRevokedWithinASecond() throws Exception {
        try (PackagedTally one = PackagedTally.start(environment);
                PackagedTally other = PackagedTally.start(environment)) {
            String owner = signUp(one).path("api_key").asText();
            JsonNode made = json(send(post(one, "/keys", "{\"name\":\"n\"}").header("x-api-key", owner)));
            String key = made.path("api_key").asText();
            useUntilItIsRemembered(one, key);
            useUntilItIsRemembered(other, key);

            assertThat(send(one.request("/keys/" + made.path("id")).header("x-api-key", owner).DELETE()).statusCode())
                    .isEqualTo(204);
            within(SECOND, () -> status(other, key) == 401);

            useUntilItIsRemembered(other, owner);
            execute("UPDATE api_keys SET revoked_at = now()");
            within(SECOND, () -> status(other, owner) == 401);
        }
    }

    @Test
    void writeWhenAKeyWasLastUsedBeforeTheyEnd() throws Exception {
        String key;
        try (PackagedTally tally = PackagedTally.start(environment)) {
            key = signUp(tally).path("api_key").asText();
            assertThat(status(tally, key)).isEqualTo(200);
            tally.terminate();
            assertThat(tally.exitCode()).isIn(0, 143);
        }

        try (PackagedTally tally = PackagedTally.start(environment)) {
            assertThat(json(send(tally.request("/keys").header("x-api-key", key))).at("/data/0/last_used_at").isNull())
                    .isFalse();
        }
    }

    @Test
    void writeNoKeyIntoTheirLogs() throws Exception {
        environment.put("LOG_LEVEL", "DEBUG");
        try (PackagedTally tally = PackagedTally.start(environment)) {
            String key = signUp(tally).path("api_key").asText();
            assertThat(status(tally, key)).isEqualTo(200);
            send(tally.request("/record/" + key + "?x=" + key).header("x-api-key", key));
            send(tally.request("/no/such/" + key));
            send(tally.request("/keys").header("x-api-key", key).header("X-Request-Id", key).header("User-Agent", key)
                    .header("Referer", "http://x/" + key).header("Cookie", "key=" + key).header("Accept", key));
            send(tally.request("/keys").header("x-api-key", key + "x"));
            send(tally.request("/keys").header("Authorization", "Bearer " + key));
            send(tally.request("/keys").header("Authorization", "Basic " + Base64.getEncoder()
                    .encodeToString((key + ":" + key).getBytes(StandardCharsets.UTF_8))));
            send(post(tally, "/keys", key).header("x-api-key", key));
            send(post(tally, "/keys", "{\"" + key + "\":1}").header("x-api-key", key));
            send(post(tally, "/keys", "{\"name\":" + key + "}").header("x-api-key", key));
            send(post(tally, "/keys", "{\"name\":\"" + key + "\"}").header("x-api-key", key)
                    .header("Idempotency-Key", key));
            send(post(tally, "/keys/" + key + "/rotate", "").header("x-api-key", key));
            send(tally.request("/keys?after=" + key + "&limit=" + key).header("x-api-key", key));
            send(tally.request("/admin/users").header("x-admin-key", ADMIN_KEY));
            send(tally.request("/admin/users").header("x-admin-key", key));
            tally.terminate();
            int unused = tally.exitCode();

            String log = tally.output() + tally.errors();

            assertThat(log).contains(key.substring(0, 8)).contains("DEBUG");
            assertThat(log).doesNotContain(key.substring(0, 24)).doesNotContain(key.substring(20, 40))
                    .doesNotContain(key.substring(35)).doesNotContain(ADMIN_KEY);
        }
    }

    @Test
    void letTheAdministratorWithoutANameDoNothingElse() throws Exception {
        try (PackagedTally tally = PackagedTally.start(environment)) {
            assertThat(send(tally.request("/keys").header("x-admin-key", ADMIN_KEY)).statusCode()).isEqualTo(403);
            assertThat(send(tally.request("/keys").header("x-admin-key", ADMIN_KEY + "x")).body())
                    .contains("Invalid API key");
            String key = signUp(tally).path("api_key").asText();
            assertThat(send(tally.request("/keys").header("x-admin-key", ADMIN_KEY).header("x-api-key", key))
                    .statusCode()).isEqualTo(200);
            assertThat(send(tally.request("/keys").header("x-admin-key", "wrong").header("x-api-key", key))
                    .statusCode()).isEqualTo(401);
        }
    }

    @Test
    void doNotStartWithAnAdminKeyThatIsEasilyGuessed() throws Exception {
        environment.put("ADMIN_API_KEY", "only15character");

        try (PackagedTally tally = PackagedTally.start(environment)) {
            assertThat(tally.exitCode()).isEqualTo(1);
            assertThat(tally.errors()).contains("ADMIN_API_KEY").doesNotContain("only15character");
        }
    }

    private void useUntilItIsRemembered(PackagedTally tally, String key) {
        // For some heartbeats: nothing from outside says that it is remembered.
        await().during(Duration.ofSeconds(2)).atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(50))
                .until(() -> status(tally, key) == 200);
    }

    private int status(PackagedTally tally, String key) throws IOException, InterruptedException {
        return send(tally.request("/keys").header("x-api-key", key)).statusCode();
    }

    private JsonNode signUp(PackagedTally tally) throws IOException, InterruptedException {
        return json(send(post(tally, "/auth/signup", "{\"name\":\"John\",\"email\":\"john@b.example\"}")));
    }

    private static HttpRequest.Builder post(PackagedTally tally, String path, String body) {
        return tally.request(path).header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> answer) throws IOException {
        return new ObjectMapper().readTree(answer.body());
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, LocalPostgres.USER, "");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
