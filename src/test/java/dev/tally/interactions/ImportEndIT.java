package dev.tally.interactions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
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

/** A process that ends in the middle of an import leaves nothing of it, and its record says so. */
@Timeout(180)
class ImportEndIT {
    private static final int ROWS = 100_000;
    /** Read for longer than a process takes to hear that it should end. */
    private static final int MANY_ROWS = 500_000;
    private static final String BOUNDARY = "boundary-of-the-test";

    private final String url = ScratchDatabase.createEmpty("tally_import_it");
    private final Map<String, String> environment;
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    ImportEndIT(@TempDir Path directory) throws IOException {
        Path users = Files.writeString(directory.resolve("users"),
                "operator = " + UsersForTests.digest("operator") + ", operator\n");
        environment = Map.of("TALLY_USERS_FILE", users.toString(), "POSTGRES_URL", url, "POSTGRES_USER",
                LocalPostgres.USER, "POSTGRES_PASSWORD", "none", "TALLY_POSTGRES_MIGRATE_AT_START", "true");
    }

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void leavesNothingWhenItIsKilled() throws Exception {
        JsonNode interrupted;
        try (PackagedTally tally = PackagedTally.start(environment)) {
            int unused = tally.port();
            try (Connection held = DriverManager.getConnection(url, LocalPostgres.USER, "");
                    Statement statement = held.createStatement()) {
                held.setAutoCommit(false);
                // However fast the machine is, the import does not end before.
                statement.execute("LOCK TABLE interactions.interaction IN SHARE MODE");
                interrupted = startImport(tally, ROWS);
                assertThat(interrupted.path("sheets")).isNotEmpty();
                // By kill -9.
                assertThat(tally.handle().destroyForcibly()).isTrue();
            }
        }

        try (PackagedTally tally = PackagedTally.start(environment)) {
            // PostgreSQL hears of the kill at the end of the statement that it is in.
            String path = "/api/v1/imports/" + interrupted.path("id").asText();
            await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(20))
                    .until(() -> !get(tally, path).path("state").asText().equals("running"));
            JsonNode found = get(tally, path);
            assertThat(found.path("state").asText()).isEqualTo("failed");
            assertThat(found.path("failure").path("code").asText()).isEqualTo("IMPORT_INTERRUPTED");
            assertThat(count()).isZero();

            JsonNode again = post(tally, ROWS, "wait=60");
            assertThat(again.path("state").asText()).as(again.toString()).isEqualTo("completed");
            assertThat(count()).isEqualTo(ROWS);
        }
    }

    @Test
    void saysThatItWasStopped() throws Exception {
        try (PackagedTally tally = PackagedTally.start(environment)) {
            startImport(tally, MANY_ROWS);
            tally.terminate();

            assertThat(tally.exitCode()).isIn(0, 143);
        }

        assertThat(query("SELECT state || ' ' || failure_code FROM interactions.import"))
                .isEqualTo("failed IMPORT_INTERRUPTED");
        assertThat(count()).isZero();
    }

    /** Starts one and waits until it has shown some progress. */
    private JsonNode startImport(PackagedTally tally, int rows) throws IOException, InterruptedException {
        JsonNode started = post(tally, rows, "respond-async");
        assertThat(started.path("state").asText()).as(started.toString()).isEqualTo("running");
        String path = "/api/v1/imports/" + started.path("id").asText();
        await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(20))
                .until(() -> get(tally, path).path("progress").asDouble() > 0);
        return get(tally, path);
    }

    private JsonNode post(PackagedTally tally, int rows, String preference) throws IOException, InterruptedException {
        ByteArrayOutputStream form = new ByteArrayOutputStream();
        form.writeBytes(
                ("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.xlsx\"\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        form.writeBytes(ImportsTest.many(rows).bytes());
        form.writeBytes(("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.US_ASCII));
        return send(tally.request("/api/v1/imports").header("Prefer", preference)
                .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .POST(HttpRequest.BodyPublishers.ofByteArray(form.toByteArray())));
    }

    private JsonNode get(PackagedTally tally, String path) throws IOException, InterruptedException {
        return send(tally.request(path));
    }

    private JsonNode send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> answer = client.send(
                request.header("Authorization", UsersForTests.basic("operator")).build(),
                HttpResponse.BodyHandlers.ofString());
        return new ObjectMapper().readTree(answer.body());
    }

    private long count() throws SQLException {
        return Long.parseLong(query("SELECT count(*) FROM interactions.interaction"));
    }

    private String query(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, LocalPostgres.USER, "");
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getString(1);
        }
    }
}
