package dev.tally.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import dev.tally.local.ClickHouseLibrary;
import dev.tally.local.LocalClickHouse;
import dev.tally.local.LocalPostgres;
import dev.tally.local.LocalS3;
import dev.tally.testsupport.NeedsClickHouse;
import dev.tally.testsupport.PackagedTally;
import dev.tally.testsupport.ScratchDatabase;

/** What stands beside Tally in compose.yaml and comes from here, out of its own image: README.md's tour works with it. */
@NeedsClickHouse
@Timeout(600)
class SamplesIT {
    private static final String PROPERTIES = "src/main/resources/application.properties";
    /** As long as an application of the tests may take. */
    private static final Duration START_TIMEOUT = Duration.ofMinutes(3);
    private static final String CREDENTIALS = "quarkus.s3.aws.credentials.static-provider.";

    private final Path directory;
    private final Map<String, String> environment = new HashMap<>(Map.of("POSTGRES_USER", LocalPostgres.USER,
            "POSTGRES_PASSWORD", "none", "TALLY_POSTGRES_MIGRATE_AT_START", "true",
            "TALLY_USERS_ALLOW_KNOWN_PASSWORDS", "true", "REPORT_POLL_INTERVAL", "1"));

    SamplesIT(@TempDir Path directory) throws IOException {
        this.directory = directory;
        environment.put("POSTGRES_URL", ScratchDatabase.createEmpty("tally_samples"));
        environment.put("TALLY_USERS_FILE", Files.writeString(directory.resolve("users"), usersOfDevMode()).toString());
    }

    @Test
    void makeTheTourWork() throws Exception {
        Assumptions.assumeTrue(PackagedTally.isJar(), "this image is made of the jar");
        Optional<String> obstacle = ImageRoot.obstacle();
        Assumptions.assumeTrue(obstacle.isEmpty(),
                () -> "THE IMAGE OF THE SAMPLES WAS NOT TRIED: this machine allows no "
                        + "user namespaces (" + obstacle.orElse("") + ")");
        ImageRoot image = ImageRoot.build(Path.of("src/main/docker/Dockerfile.local"), Path.of("").toAbsolutePath(),
                directory.resolve("image"));
        int gcore = freePort();
        environment.putAll(Map.of("GCORE_API_BASE", "http://127.0.0.1:" + gcore, "GCORE_USERNAME", "stand-in",
                "GCORE_PASSWORD", "password of the stand-in"));
        Path library = ClickHouseLibrary.ofUser().find().library().orElseThrow();
        try (LocalS3 s3 = LocalS3.start(directory.resolve("s3"), 0);
                LocalClickHouse clickHouse = LocalClickHouse.start(library, directory.resolve("clickhouse"),
                        Optional.empty());
                PackagedTally standIn = image.start(Map.of(), List.of(), "dev.tally.local.StandInServer",
                        Integer.toString(gcore))) {
            configure(s3, clickHouse);
            awaitListening(gcore, standIn);
            try (PackagedTally tally = PackagedTally.start(environment);
                    PackagedTally loader = image.start(environment, List.of(), "dev.tally.local.SampleLoader", s3.url(),
                            LocalS3.SAMPLES, "http://127.0.0.1:" + tally.port(), "sample-interactions.xlsx")) {
                assertThat(loader.exitCode()).as(loader.output() + loader.errors()).isZero();

                assertTour(tally);
                assertThat(tally.errors()).startsWith("Users may have passwords that everybody knows here");
            }
        }
    }

    private static void assertTour(PackagedTally tally) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            assertThat(ask(client, tally.request("/claims/stats"), "viewer"))
                    .isEqualTo("{\"aprobado\":150,\"pendiente\":75,\"en_revision\":50,\"rechazado\":25}");
            assertThat(ask(client, tally.request("/audits/top-services?limit=1"), "viewer"))
                    .isEqualTo("{\"payment_service\":342}");
            assertThat(ask(client, tally.request("/api/v1/stats/interactions/all?format=csv"), "viewer"))
                    .contains("customer_id,Bird,Boat,Call,Email,Post", "4,1,0,1,0,0");
            assertThat(ask(client, tally.request("/reports/cloud").header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString("{\"gcore_user_id\":\"829449\","
                            + "\"start_date\":\"2025-09-01\",\"end_date\":\"2025-09-24\"}")),
                    "operator")).contains("\"status\":\"completed\"", "\"count\":4");
            String account = ask(client, tally.request("/auth/signup").header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString("{\"name\":\"J\",\"email\":\"j@example.com\"}")),
                    "viewer");
            String key = account.replaceFirst(".*\"api_key\":\"([^\"]+)\".*", "$1");
            assertThat(ask(client, tally.request("/query?name_like=john&limit=1").header("x-api-key", key), "viewer"))
                    .contains("\"total_records\":6263");
        }
    }

    private static String ask(HttpClient client, HttpRequest.Builder request, String user) throws Exception {
        String logIn = Base64.getEncoder()
                .encodeToString((user + ":" + user + "123").getBytes(StandardCharsets.US_ASCII));
        return client.send(request.header("Authorization", "Basic " + logIn).build(),
                HttpResponse.BodyHandlers.ofString()).body();
    }

    private void configure(LocalS3 s3, LocalClickHouse clickHouse) {
        environment.putAll(Map.of("S3_BUCKET", LocalS3.SAMPLES, "S3_ENDPOINT", s3.url(), "S3_PATH_STYLE", "true",
                "AWS_ACCESS_KEY_ID", s3.settings().getOrDefault(CREDENTIALS + "access-key-id", ""),
                "AWS_SECRET_ACCESS_KEY", s3.settings().getOrDefault(CREDENTIALS + "secret-access-key", "")));
        clickHouse.settings().forEach((name, value) -> environment
                .put(name.replaceAll("[^a-z0-9]", "_").toUpperCase(Locale.ROOT), value));
    }

    private static void awaitListening(int port, PackagedTally server) {
        await().atMost(START_TIMEOUT).until(() -> {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return socket.isConnected();
            } catch (IOException _) {
                assertThat(server.handle().isAlive()).as(server.errors()).isTrue();
                return false;
            }
        });
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }

    /** As the configuration has them, so that they are those of compose.yaml too. */
    private static String usersOfDevMode() throws IOException {
        String compose = Files.readString(Path.of("src/main/docker/compose.yaml"));
        try (Stream<String> lines = Files.lines(Path.of(PROPERTIES))) {
            StringBuilder users = new StringBuilder();
            lines.filter(line -> line.startsWith("%dev.quarkus.security.users.embedded.users.")).forEach(line -> {
                String user = line.replaceFirst(".*\\.([a-z]+)=([0-9a-f]+)$", "$1 = $2, $1");
                assertThat(compose).contains(user);
                users.append(user).append('\n');
            });
            return users.toString();
        }
    }
}
