package dev.tally.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import dev.tally.testsupport.NeedsClickHouse;

/** Dev mode's S3 and ClickHouse. */
@NeedsClickHouse
@Timeout(120)
class DevStoresTest {
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final String CLAIMS = "SELECT count() FROM s3(tally_s3, filename = '" + SampleFiles.CLAIMS
            + "', format = 'LineAsString', structure = 'line String') WHERE line LIKE '%,aprobado,%'";

    private final Path directory;
    private final Path tally;
    private final List<Process> started = new ArrayList<>();

    private record Servers(Process process, Map<String, String> places) {
        String place(String server) {
            return Objects.requireNonNull(places.get(server));
        }

        List<ProcessHandle> clickHouses() {
            return process.children().filter(child -> child.info().arguments().map(List::of).orElse(List.of())
                    .contains(ClickHouseServer.class.getName())).toList();
        }
    }

    DevStoresTest(@TempDir Path directory) {
        this.directory = directory;
        this.tally = directory.resolve(".tally");
    }

    @AfterEach
    void stop() throws InterruptedException {
        for (Process process : started) {
            List<ProcessHandle> children = process.children().toList();
            process.destroyForcibly().waitFor();
            await().atMost(STOP_TIMEOUT).until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
        }
    }

    @Test
    void startAClickHouseThatReadsTheSampleFiles() throws Exception {
        Servers servers = start(Map.of());

        assertThat(query(servers, CLAIMS)).isEqualTo("150\n");
    }

    @Test
    void endWithTheirProcessAndStartAgainWithTheirDataHoweverItEnded() throws Exception {
        Servers first = start(Map.of());
        query(first, "CREATE DATABASE kept ENGINE = Atomic");
        BucketStore.open(tally.resolve("s3"), LocalS3.SAMPLES).put(SampleFiles.CLAIMS,
                "estado\n,aprobado,\n".getBytes(StandardCharsets.UTF_8));
        first.process.destroyForcibly();

        Servers second = start(Map.of());

        assertThat(query(second, "SELECT count() FROM system.databases WHERE name = 'kept'")).isEqualTo("1\n");
        assertThat(query(second, CLAIMS)).as("the file is not made anew").isEqualTo("1\n");
    }

    @Test
    void areNotStartedTwiceByAReload() throws Exception {
        Servers servers = start(Map.of(), "reload");

        assertThat(servers.place("s3")).isEqualTo(servers.place("s3 before")).startsWith("http://127.0.0.1:");
        assertThat(servers.place("clickhouse")).isEqualTo(servers.place("clickhouse before"));
        assertThat(servers.clickHouses()).hasSize(1);
        assertThat(query(servers, CLAIMS)).isEqualTo("150\n");
    }

    @Test
    void areNotStartedWhereOthersAreConfigured() throws Exception {
        Servers servers = start(
                Map.of("S3_ENDPOINT", "http://s3.example", "TALLY_CLICKHOUSE_HOST", "clickhouse.example"));

        assertThat(servers.places()).containsEntry("s3", "http://s3.example")
                .containsEntry("clickhouse", "http://clickhouse.example:8443");
        assertThat(servers.clickHouses()).isEmpty();
        assertThat(tally).doesNotExist();
    }

    @Test
    void goOnWithoutClickHouseWhereItCannotBeHad() throws Exception {
        Path nothing = Files.createDirectory(directory.resolve("nothing"));

        Servers servers = start(Map.of("XDG_CACHE_HOME", nothing.toString(), "PATH", nothing.toString()));

        assertThat(servers.places()).containsEntry("clickhouse", "nowhere");
        assertThat(servers.place("s3")).startsWith("http://127.0.0.1:");
    }

    private Servers start(Map<String, String> environment, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), LocalServersProcess.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        List.of("S3_ENDPOINT", "S3_BUCKET", "REPORTS_S3_BUCKET", "CLICKHOUSE_HOST")
                .forEach(builder.environment()::remove);
        // DevServersTest is about these.
        builder.environment().putAll(
                Map.of("POSTGRES_URL", "jdbc:postgresql://db.example/tally", "GCORE_API_TOKEN", "somebody's"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        started.add(process);
        return new Servers(process, places(process.inputReader()));
    }

    private static Map<String, String> places(BufferedReader output) throws IOException {
        Map<String, String> places = new HashMap<>();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.equals("ready")) {
                return places;
            }
            int end = line.lastIndexOf(' ');
            if (end > 0) {
                places.put(line.substring(0, end), line.substring(end + 1));
            }
        }
        throw new AssertionError("Did not start");
    }

    private String query(Servers servers, String sql) throws IOException, InterruptedException {
        String password = Files.readString(tally.resolve("clickhouse").resolve("password"));
        HttpResponse<String> response = CLIENT.send(HttpRequest.newBuilder(URI.create(servers.place("clickhouse")))
                .header("X-ClickHouse-User", LocalClickHouse.USER).header("X-ClickHouse-Key", password)
                .POST(HttpRequest.BodyPublishers.ofString(sql)).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return response.body();
    }
}
