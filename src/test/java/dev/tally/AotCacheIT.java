package dev.tally;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

import dev.tally.local.LocalPostgres;
import dev.tally.testsupport.PackagedTally;
import dev.tally.testsupport.ScratchDatabase;
import dev.tally.testsupport.UsersForTests;

/**
 * Makes {@code tally.aot} and {@code tally.args} beside the packaged application: Java's cache of what the application
 * loads and compiles (JEP 483, 514, 515), and the arguments that use it. It has to be made of the application at work,
 * with its database, which the tests have. That the application then runs on it is what is tested.
 */
@Timeout(120)
@EnabledIf("isJar")
class AotCacheIT {
    private static final Path APPLICATION = PackagedTally.path().toAbsolutePath().resolveSibling(".").normalize();
    private static final String CACHE = "tally.aot";
    private static final String ARGUMENTS = "tally.args";
    private static final String CALLS = """
                                        event_id,msisdn,call_type,start_time,duration_seconds
                                        a,352621000001,voice,2024-01-01T10:00:00Z,60
                                        """;
    /** Enough for the compiler's notes on what is hot. */
    private static final int ROUNDS = 200;
    private static final int SIGTERM_EXIT = 143;

    private static Map<String, String> environment = Map.of();

    static boolean isJar() {
        return PackagedTally.isJar();
    }

    @BeforeAll
    static void makeTheCache(@TempDir Path directory) throws Exception {
        Path users = Files.writeString(directory.resolve("users"),
                "viewer = " + UsersForTests.digest("viewer") + ", viewer\n"
                        + "operator = " + UsersForTests.digest("operator") + ", operator\n");
        environment = Map.of("TALLY_USERS_FILE", users.toString(), "POSTGRES_URL",
                ScratchDatabase.createEmpty("tally_aot"), "POSTGRES_USER", LocalPostgres.USER, "POSTGRES_PASSWORD",
                "none", "TALLY_POSTGRES_MIGRATE_AT_START", "true");
        Files.deleteIfExists(APPLICATION.resolve(CACHE));
        writeArguments("-XX:AOTCacheOutput=" + CACHE);
        try (PackagedTally training = start(); HttpClient client = HttpClient.newHttpClient()) {
            work(client, training, ROUNDS);
            training.terminate();
            assertThat(training.exitCode()).as(training.output() + training.errors()).isIn(0, SIGTERM_EXIT);
        }
        writeArguments("-XX:AOTCache=" + CACHE);
    }

    @Test
    void startsFromTheCache() throws Exception {
        try (PackagedTally tally = start("-XX:AOTMode=on"); HttpClient client = HttpClient.newHttpClient()) {
            work(client, tally, 1);

            assertThat(tally.errors()).isEmpty();
        }
    }

    /** Everything once for the classes, and then what is asked most for the compiler. */
    private static void work(HttpClient client, PackagedTally tally, int rounds) throws Exception {
        expect(200, client, tally.request("/api/usage/cdrs").header("Authorization", UsersForTests.basic("operator"))
                .header("Content-Type", "text/csv").POST(HttpRequest.BodyPublishers.ofString(CALLS)));
        for (String path : List.of("/health", "/q/health/ready", "/q/health/live", "/q/metrics", "/openapi.json",
                "/docs", "/api/usage/top", "/api/usage/352621000001?format=xlsx",
                "/api/usage/352621000001?format=csv", "/api/usage/352621000001/summary?zone=Asia/Kolkata",
                "/api/usage?msisdns=352621000001")) {
            expect(200, client, viewer(tally, path));
        }
        expect(200, client, viewer(tally, "/api/usage/search").header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"msisdns\":[\"352621000001\"]}")));
        expect(400, client, viewer(tally, "/api/usage/352621000001?start_date=x"));
        expect(401, client, tally.request("/api/usage/352621000001"));
        for (int round = 0; round < rounds; round++) {
            expect(200, client, viewer(tally, "/api/usage/352621000001?start_date=2024-01-01&end_date=2024-03-30"));
        }
    }

    private static HttpRequest.Builder viewer(PackagedTally tally, String path) {
        return tally.request(path).header("Authorization", UsersForTests.basic("viewer"));
    }

    private static void expect(int status, HttpClient client, HttpRequest.Builder request) throws Exception {
        HttpResponse<byte[]> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());

        assertThat(answer.statusCode()).as(answer.request().toString()).isEqualTo(status);
    }

    private static PackagedTally start(String... options) {
        List<String> command = new ArrayList<>(List.of(PackagedTally.java()));
        command.addAll(List.of(options));
        command.add("@" + ARGUMENTS);
        return PackagedTally.start(APPLICATION, command, environment);
    }

    /**
     * One class path instead of the fast-jar's own class loader, whose classes the cache does not take. Transformed
     * classes come before those that they replace. And patience with the compiler: while the application starts, it takes
     * the processors from what it compiles (docs/performance.md).
     */
    private static void writeArguments(String cacheOption) throws IOException {
        List<String> jars = new ArrayList<>(List.of("quarkus/transformed-bytecode.jar",
                "quarkus/generated-bytecode.jar"));
        for (String directory : List.of("app", "lib/boot", "lib/main")) {
            try (Stream<Path> files = Files.list(APPLICATION.resolve(directory))) {
                files.filter(file -> file.toString().endsWith(".jar")).map(file -> directory + "/" + file.getFileName())
                        .sorted().forEach(jars::add);
            }
        }
        Files.write(APPLICATION.resolve(ARGUMENTS), List.of(cacheOption, "-XX:CompileThresholdScaling=5",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager", "-cp", String.join(":", jars),
                "dev.tally.Tally"));
    }
}
