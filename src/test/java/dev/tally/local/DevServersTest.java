package dev.tally.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tally.testsupport.GcoreSteering;

@Timeout(120)
class DevServersTest {
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);

    private final Path directory;
    private final Path data;
    private final List<Process> started = new ArrayList<>();

    private record Server(Process process, String url, String gcoreUrl) {}

    DevServersTest(@TempDir Path directory) {
        this.directory = directory;
        this.data = directory.resolve(".tally").resolve("postgres");
    }

    @AfterEach
    void stop() {
        started.forEach(Process::destroy);
        awaitStopped();
    }

    @Test
    void startsAPostgresThatEndsWithItsProcessAndKeepsTheData() throws Exception {
        Server first = start(Map.of());
        execute(first, "CREATE TABLE kept AS SELECT 42 AS answer");
        first.process.destroy();
        awaitStopped();

        Server second = start(Map.of());

        assertThat(query(second, "SELECT answer FROM kept")).isEqualTo("42");
        assertThat(query(second, "SHOW server_version_num")).startsWith("18");
        assertThat(query(second, "SHOW listen_addresses")).isEqualTo("127.0.0.1");
    }

    @Test
    void startsAgainAfterItsProcessWasKilled() throws Exception {
        Server first = start(Map.of());
        execute(first, "CREATE TABLE kept AS SELECT 42 AS answer");
        first.process.destroyForcibly();

        Server second = start(Map.of());

        assertThat(query(second, "SELECT answer FROM kept")).isEqualTo("42");
    }

    @Test
    void startsAgainAfterItsProcessWasKilledWithAllThatItStarted() throws Exception {
        Server first = start(Map.of());
        execute(first, "CREATE TABLE kept AS SELECT 42 AS answer");
        first.process.children().forEach(ProcessHandle::destroyForcibly);
        first.process.destroyForcibly().waitFor();
        assertThat(query(first, "SELECT answer FROM kept")).as("the orphan lives").isEqualTo("42");

        Server second = start(Map.of());

        assertThat(query(second, "SELECT answer FROM kept")).isEqualTo("42");
    }

    @Test
    void leavesTheServerOfAnotherProcessAlone() throws Exception {
        Server first = start(Map.of());

        assertThatThrownBy(() -> DirectoryOwner.claim(data)).isInstanceOf(IOException.class)
                .hasMessageContaining("Process " + first.process.pid() + " uses " + data + " already.");

        first.process.destroyForcibly().waitFor();
        DirectoryOwner.claim(data);
    }

    @Test
    void startsNothingWhenADatabaseIsConfigured() throws Exception {
        Server none = start(Map.of("POSTGRES_URL", "jdbc:postgresql://db.example/tally"));

        assertThat(none.url).isEqualTo("jdbc:postgresql://db.example/tally");
        assertThat(directory.resolve(".tally")).doesNotExist();
    }

    @Test
    void startsAStandInForGcoreWhenThereIsNoAccount() throws Exception {
        Server own = start(Map.of("POSTGRES_URL", "jdbc:postgresql://db.example/tally"));

        assertThat(own.gcoreUrl).startsWith("http://127.0.0.1:");
        assertThat(new GcoreSteering(own.gcoreUrl).count("start")).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GCORE_USERNAME", "GCORE_API_TOKEN"})
    void startsNoStandInWhenThereIsAnAccount(String variable) throws Exception {
        Server none = start(Map.of("POSTGRES_URL", "jdbc:postgresql://db.example/tally", variable, "somebody"));

        assertThat(none.gcoreUrl).isEqualTo("https://api.gcore.com");
    }

    private Server start(Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp", System.getProperty("java.class.path"), LocalServersProcess.class.getName())
                .directory(directory.toFile()).redirectError(ProcessBuilder.Redirect.DISCARD);
        List.of("POSTGRES_URL", "GCORE_API_BASE", "GCORE_USERNAME", "GCORE_API_TOKEN")
                .forEach(builder.environment()::remove);
        // DevStoresTest is about these.
        builder.environment().putAll(Map.of("S3_ENDPOINT", "http://s3.example", "TALLY_CLICKHOUSE_HOST",
                "clickhouse.example"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        started.add(process);
        BufferedReader output = process.inputReader();
        String gcoreUrl = "";
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith("http")) {
                gcoreUrl = line;
            }
            if (line.startsWith("jdbc:")) {
                return new Server(process, line, gcoreUrl);
            }
        }
        throw new AssertionError("Did not start");
    }

    private void awaitStopped() {
        await().atMost(STOP_TIMEOUT).until(() -> Files.notExists(data.resolve("postmaster.pid")));
    }

    private static void execute(Server server, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(server.url, LocalPostgres.USER, "");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(Server server, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(server.url, LocalPostgres.USER, "");
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getString(1);
        }
    }
}
