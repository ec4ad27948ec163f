package dev.tally;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
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
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.tally.local.LocalPostgres;
import dev.tally.testsupport.PackagedTally;
import dev.tally.testsupport.ScratchDatabase;

/** The packaged application at work, and how it ends. */
@Timeout(120)
class RunningIT {
    private static final String PASSWORD = "correct horse";
    /** In capitals, which are as good. */
    private static final String DIGEST = "393354DBBBE570C6A0B15E9720CB29162F92F530D5BF1C91D38003E9FEFBF0F0";
    private static final String LOG_IN = "Basic "
            + Base64.getEncoder().encodeToString(("ops:" + PASSWORD).getBytes(StandardCharsets.UTF_8));
    private static final String POSTGRES_PASSWORD = "s3cret-of-postgres";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SIGTERM_EXIT = 143;

    private final String url = ScratchDatabase.createEmpty("tally_it");
    private final Map<String, String> environment;

    RunningIT(@TempDir Path directory) throws IOException {
        Path users = Files.writeString(directory.resolve("users"), "ops = " + DIGEST + ", operator\n");
        environment = new HashMap<>(Map.of("TALLY_USERS_FILE", users.toString(), "POSTGRES_URL", url,
                "POSTGRES_USER", LocalPostgres.USER, "POSTGRES_PASSWORD", POSTGRES_PASSWORD,
                "TALLY_POSTGRES_MIGRATE_AT_START", "true"));
    }

    @Test
    void answersAndWritesALogOfJsonWithoutSecrets() throws Exception {
        try (PackagedTally tally = PackagedTally.start(environment); HttpClient client = newClient()) {
            HttpResponse<String> health = get(client, tally.request("/health"));
            HttpResponse<String> stranger = get(client, tally.request("/api/usage/352621000001"));
            HttpResponse<String> wrong = get(client, tally.request("/api/usage/352621000001")
                    .header("Authorization", LOG_IN.replace("Basic ", "Basic b3Bz")));
            HttpResponse<String> usage = get(client, tally.request("/api/usage/352621000001?format=csv")
                    .header("Authorization", LOG_IN).header("X-Request-Id", "it-1"));
            HttpResponse<String> metrics = get(client, tally.request("/q/metrics").header("Authorization", LOG_IN));
            tally.terminate();

            assertThat(tally.exitCode()).isIn(0, SIGTERM_EXIT);
            assertThat(List.of(health.statusCode(), stranger.statusCode(), wrong.statusCode(), usage.statusCode(),
                    metrics.statusCode())).containsExactly(200, 401, 401, 200, 200);
            assertThat(metrics.body()).contains("jvm_memory_used_bytes", "agroal_awaiting_count",
                    "uri=\"/api/usage/{msisdn}\"").doesNotContain("352621000001");
            assertThat(tally.output().lines()).anySatisfy(line -> {
                JsonNode event = new ObjectMapper().readTree(line);
                assertThat(event.path("loggerName").asText()).isEqualTo("dev.tally.access");
                assertThat(event.path("message").asText()).contains("status=200", "user=ops", "path=/api/usage/*");
                assertThat(event.path("mdc").path("requestId").asText()).isEqualTo("it-1");
            }).allSatisfy(line -> assertThat(new ObjectMapper().readTree(line).path("level").asText()).isNotEmpty());
            assertThat(tally.output() + tally.errors()).doesNotContain(PASSWORD, LOG_IN.substring("Basic ".length()),
                    POSTGRES_PASSWORD, "352621000001").doesNotContainIgnoringCase(DIGEST);
            assertThat(tally.errors()).isBlank();
        }
    }

    /** By SCRAM, which either driver brings its own of. */
    @Test
    void logsInToPostgresByPassword() throws Exception {
        ScratchDatabase.createRoleWithPassword("tally_it_role", POSTGRES_PASSWORD);
        environment.put("POSTGRES_USER", "tally_it_role");

        try (PackagedTally tally = PackagedTally.start(environment); HttpClient client = newClient()) {
            for (String path : List.of("/api/usage/352621000001", "/api/usage?msisdns=352621000001")) {
                assertThat(get(client, tally.request(path).header("Authorization", LOG_IN)).statusCode())
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void doesNotTakeAWholeAnswerOverHttp2ForABrokenOne() throws Exception {
        try (PackagedTally tally = PackagedTally.start(environment); HttpClient client = HttpClient.newHttpClient()) {
            for (String path : List.of("/health", "/q/health", "/api/usage/352621000001", "/openapi.json")) {
                HttpResponse<String> answer = get(client, tally.request(path).header("Authorization", LOG_IN));
                assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
                assertThat(answer.statusCode()).isEqualTo(200);
            }
            tally.terminate();

            assertThat(tally.exitCode()).isIn(0, SIGTERM_EXIT);
            assertThat(tally.output().lines().filter(line -> line.contains("dev.tally.access"))).hasSize(4)
                    .noneMatch(line -> line.contains("aborted"));
        }
    }

    @Test
    void logsARequestOnceThatIsAnsweredByWhatLiesElsewhere() throws Exception {
        try (PackagedTally tally = PackagedTally.start(environment); HttpClient client = newClient()) {
            HttpResponse<String> page = get(client, tally.request("/docs"));
            tally.terminate();

            assertThat(tally.exitCode()).isIn(0, SIGTERM_EXIT);
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(tally.output().lines().filter(line -> line.contains("dev.tally.access"))).singleElement()
                    .satisfies(line -> {
                        JsonNode event = new ObjectMapper().readTree(line);
                        assertThat(event.path("message").asText()).contains("path=/docs ", "status=200");
                        assertThat(event.path("mdc").path("requestId").asText())
                                .isEqualTo(page.headers().firstValue("X-Request-Id").orElseThrow());
                    });
        }
    }

    @Test
    void finishesAnUploadThatIsUnderWayWhenItIsToldToEnd() throws Exception {
        try (PackagedTally tally = PackagedTally.start(environment);
                Socket upload = beginUpload(tally);
                HttpClient client = newClient()) {
            HttpRequest health = tally.request("/health").build();
            tally.terminate();
            await().atMost(PATIENCE).until(() -> tally.output().contains("Waiting for HTTP requests to complete"));
            HttpResponse<String> refused = client.send(health, HttpResponse.BodyHandlers.ofString());

            send(upload, "b,352621000001,voice,2024-01-01T11:00:00Z,60\n");
            upload.getOutputStream().write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            String answer = new String(upload.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertThat(answer).startsWith("HTTP/1.1 200").contains("\"loaded\":2");
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(tally.exitCode()).isIn(0, SIGTERM_EXIT);
            assertThat(count("SELECT count(*) FROM cdr_data.voice_cdr")).isEqualTo(2);
        }
    }

    @Test
    void doesNotWaitForeverForAnUploadAndStoresNothingOfIt() throws Exception {
        environment.put("QUARKUS_SHUTDOWN_TIMEOUT", "1S");
        try (PackagedTally tally = PackagedTally.start(environment); Socket upload = beginUpload(tally)) {
            tally.terminate();

            assertThat(tally.exitCode()).isIn(0, SIGTERM_EXIT);
            assertThat(upload.isClosed()).isFalse();
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(count("SELECT count(*) FROM pg_stat_activity "
                    + "WHERE datname = current_database() AND pid <> pg_backend_pid()")).isZero());
            assertThat(count("SELECT count(*) FROM cdr_data.voice_cdr")).isZero();
        }
    }

    /** Sends the first rows, and waits until they are on their way into the database. */
    private Socket beginUpload(PackagedTally tally) throws IOException {
        Socket upload = new Socket(InetAddress.getLoopbackAddress(), tally.port());
        upload.setSoTimeout(Math.toIntExact(Duration.ofMinutes(1).toMillis()));
        upload.getOutputStream().write(("POST /api/usage/cdrs HTTP/1.1\r\nHost: tally\r\nAuthorization: " + LOG_IN
                + "\r\nContent-Type: text/csv\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        send(upload, "event_id,msisdn,call_type,start_time,duration_seconds\n");
        send(upload, "a,352621000001,voice,2024-01-01T10:00:00Z,60\n");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(count("SELECT count(*) FROM pg_stat_activity "
                + "WHERE datname = current_database() AND state = 'active' AND query LIKE 'COPY %'")).isOne());
        return upload;
    }

    private static void send(Socket upload, String rows) throws IOException {
        byte[] bytes = rows.getBytes(StandardCharsets.US_ASCII);
        upload.getOutputStream().write((Integer.toHexString(bytes.length) + "\r\n" + rows + "\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        upload.getOutputStream().flush();
    }

    /** Of HTTP/1.1: what Quarkus answers while it ends has a header that HTTP/2 does not allow. */
    private static HttpClient newClient() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }

    private static HttpResponse<String> get(HttpClient client, HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private long count(String sql) {
        try (Connection connection = DriverManager.getConnection(url, LocalPostgres.USER, "");
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
