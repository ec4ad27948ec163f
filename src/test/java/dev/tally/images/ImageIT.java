package dev.tally.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import dev.tally.local.GcoreStandIn;
import dev.tally.local.LocalPostgres;
import dev.tally.local.LocalS3;
import dev.tally.local.SampleFiles;
import dev.tally.testsupport.PackagedTally;
import dev.tally.testsupport.ScratchDatabase;
import dev.tally.testsupport.UsersForTests;

/**
 * The image of what was packaged, native or jar, as a root file system that cannot be written to, by a user without
 * rights, as process 1, without a shell: as Kubernetes runs it.
 */
@Timeout(600)
class ImageIT {
    private static final String USERS = "/run/tally-users";
    private static final int SIGTERM_EXIT = 143;
    /** What may be left in /tmp: Java's figures about itself, Brotli's library, the directories of Vert.x and uploads. */
    private static final String TEMPORARY = "hsperfdata_.*|com_aayushatharva_brotli4j_.*|vertx-cache|uploads";

    private static Optional<ImageRoot> built = Optional.empty();
    private static Optional<LocalS3> s3 = Optional.empty();

    @BeforeAll
    static void build(@TempDir Path directory) throws Exception {
        Optional<String> obstacle = ImageRoot.obstacle();
        Assumptions.assumeTrue(obstacle.isEmpty(),
                () -> "THE IMAGE WAS NOT TRIED: this machine allows no user namespaces (" + obstacle.orElse("") + ")");
        String form = PackagedTally.isJar() ? "jvm" : "native-micro";
        ImageRoot root = ImageRoot.build(Path.of("src/main/docker/Dockerfile." + form), Path.of("").toAbsolutePath(),
                directory.resolve("image"));
        Files.createDirectories(root.path("/run"));
        Files.writeString(root.path(USERS), Stream.of("viewer", "operator")
                .map(user -> user + " = " + UsersForTests.digest(user) + ", " + user + "\n")
                .reduce("", String::concat));
        built = Optional.of(root);
        LocalS3 server = LocalS3.start(directory.resolve("s3"), 0);
        SampleFiles.all().forEach(server.bucket(LocalS3.SAMPLES)::put);
        s3 = Optional.of(server);
    }

    @AfterAll
    static void stop() {
        s3.ifPresent(LocalS3::close);
    }

    @Test
    void migratesServesAndEnds() throws Exception {
        try (GcoreStandIn gcore = new GcoreStandIn(Clock.systemUTC(), Duration.ofMillis(500))) {
            Map<String, String> environment = environment(gcore);
            try (PackagedTally early = root().checkHealth(environment);
                    PackagedTally migration = root().start(environment, List.of(), "migrate")) {
                assertThat(early.exitCode()).isEqualTo(1);
                assertThat(early.errors()).startsWith("Tally does not answer on port " + environment.get("APP_PORT"));
                assertThat(migration.exitCode()).as(migration.output() + migration.errors()).isZero();
                assertThat(migration.errors()).isEmpty();
            }
            try (PackagedTally tally = root().start(environment, List.of())) {
                tally.port();
                assertConfined(tally.handle().pid());
                work(tally);
                try (PackagedTally check = root().checkHealth(environment)) {
                    assertThat(check.exitCode()).as(check.errors()).isZero();
                }
                try (Stream<Path> left = Files.list(Path.of("/proc/" + tally.handle().pid() + "/root/tmp"))) {
                    assertThat(left).allMatch(file -> file.getFileName().toString().matches(TEMPORARY));
                }
                tally.terminate();

                assertThat(tally.exitCode()).isIn(0, SIGTERM_EXIT);
                assertThat(tally.errors()).isEmpty();
                assertThat(tally.output()).doesNotContain("Read-only file system", "\"level\":\"ERROR\"");
            }
        }
    }

    /** A cache that is no good would only be slower. */
    @Test
    void startsFromItsOwnCache() throws Exception {
        Assumptions.assumeTrue(PackagedTally.isJar(), "a native binary has no cache");
        try (GcoreStandIn gcore = new GcoreStandIn(Clock.systemUTC(), Duration.ZERO)) {
            // In a container of one processor Java takes another collector than where the cache was recorded.
            for (String collector : List.of("-XX:+UseSerialGC", "-XX:+UseG1GC")) {
                try (PackagedTally check = root().start(environment(gcore), List.of("-XX:AOTMode=on", collector),
                        "healthy")) {
                    assertThat(check.exitCode()).isEqualTo(1);
                    assertThat(check.output() + check.errors()).startsWith("Tally does not answer");
                }
            }
        }
    }

    /** Of the base: Red Hat's C library and zlib. What needs a later C library has to be built in a container. */
    @Test
    void needsNothingThatTheBaseLacks() throws Exception {
        Assumptions.assumeFalse(PackagedTally.isJar(), "the base of the jar's image has a Java and all that it needs");

        assertThat(ImageRoot.librariesOf(root().path(root().entryPoint())))
                .extracting(library -> library.getFileName().toString())
                .isSubsetOf("libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1", "libz.so.1",
                        "ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1");
    }

    /** Root's files, which the user of the image is not: all that is in there he may read, and nothing change. */
    @Test
    void mayBeReadByItsUser() throws Exception {
        try (Stream<Path> files = Files.walk(root().path("/app"))) {
            List<Path> closed = new ArrayList<>();
            for (Path file : files.toList()) {
                String permissions = Files.getPosixFilePermissions(file).toString();
                boolean needsSearch = Files.isDirectory(file) || file.equals(root().path("/app/application"));
                boolean open = permissions.contains("OTHERS_READ")
                        && (!needsSearch || permissions.contains("OTHERS_EXECUTE"));
                if (!open || permissions.contains("OTHERS_WRITE")) {
                    closed.add(file);
                }
            }
            assertThat(closed).isEmpty();
        }
    }

    private static ImageRoot root() {
        return built.orElseThrow();
    }

    private static Map<String, String> environment(GcoreStandIn gcore) throws IOException {
        Map<String, String> environment = new HashMap<>(Map.of("TALLY_USERS_FILE", USERS,
                "POSTGRES_URL", ScratchDatabase.createEmpty("tally_image"), "POSTGRES_USER", LocalPostgres.USER,
                "POSTGRES_PASSWORD", "none", "S3_BUCKET", LocalS3.SAMPLES, "S3_ENDPOINT", s3.orElseThrow().url(),
                "S3_PATH_STYLE", "true", "GCORE_API_BASE", gcore.url(), "GCORE_USERNAME", GcoreStandIn.USERNAME,
                "GCORE_PASSWORD", GcoreStandIn.PASSWORD));
        environment.put("REPORT_POLL_INTERVAL", "1");
        environment.put("AWS_ACCESS_KEY_ID", s3.orElseThrow().settings()
                .getOrDefault("quarkus.s3.aws.credentials.static-provider.access-key-id", ""));
        environment.put("AWS_SECRET_ACCESS_KEY", s3.orElseThrow().settings()
                .getOrDefault("quarkus.s3.aws.credentials.static-provider.secret-access-key", ""));
        // A health check has to know it.
        try (ServerSocket free = new ServerSocket(0)) {
            environment.put("APP_PORT", Integer.toString(free.getLocalPort()));
        }
        return environment;
    }

    /** Process 1, the user of the image, no capabilities. */
    private static void assertConfined(long pid) throws IOException {
        assertThat(Files.readString(Path.of("/proc/" + pid + "/uid_map")).strip()).startsWith("1001 ");
        assertThat(Files.readAllLines(Path.of("/proc/" + pid + "/status")))
                .anyMatch(line -> line.matches("NSpid:.*\\s1"))
                .contains("CapEff:\t0000000000000000");
    }

    /** What spools, buffers or loads libraries. */
    private static void work(PackagedTally tally) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            expect(client, tally, "viewer", "/q/health/live", Optional.empty(), "");
            expect(client, tally, "operator", "/api/usage/cdrs",
                    Optional.of(Files.readAllBytes(Path.of("docs/sample-cdrs.csv"))), "text/csv");
            expect(client, tally, "viewer", "/api/usage/7643008066273?format=xlsx", Optional.empty(), "");
            expect(client, tally, "operator", "/api/v1/imports", Optional.of(form()),
                    "multipart/form-data; boundary=of-the-image");
            expect(client, tally, "viewer", "/claims/stats", Optional.empty(), "");
            expect(client, tally, "operator", "/reports/cloud",
                    Optional.of("""
                                {"gcore_user_id":"829449","start_date":"2025-09-01","end_date":"2025-09-24"}
                                """.getBytes(StandardCharsets.UTF_8)), "application/json");
        }
    }

    private static byte[] form() throws IOException {
        byte[] head = "--of-the-image\r\nContent-Disposition: form-data; name=\"file\"; filename=\"sample.xlsx\"\r\n\r\n"
                .getBytes(StandardCharsets.US_ASCII);
        byte[] workbook = Files.readAllBytes(Path.of("docs/sample-interactions.xlsx"));
        byte[] tail = "\r\n--of-the-image--\r\n".getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(head.length + workbook.length + tail.length).put(head).put(workbook)
                .put(tail).array();
    }

    private static void expect(HttpClient client, PackagedTally tally, String user, String path, Optional<byte[]> body,
            String type) throws Exception {
        HttpRequest.Builder request = tally.request(path).header("Authorization", UsersForTests.basic(user));
        body.ifPresent(bytes -> request.header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofByteArray(bytes)));

        HttpResponse<byte[]> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());

        assertThat(answer.statusCode()).as(path + new String(answer.body(), StandardCharsets.UTF_8)).isBetween(200,
                299);
    }
}
