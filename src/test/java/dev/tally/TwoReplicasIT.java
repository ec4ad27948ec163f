package dev.tally;

import static dev.tally.testsupport.TwoReplicas.as;
import static dev.tally.testsupport.Within.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;

import dev.tally.local.GcoreStandIn;
import dev.tally.local.LocalS3;
import dev.tally.local.SampleFiles;
import dev.tally.testsupport.PackagedTally;
import dev.tally.testsupport.TwoReplicas;

/** Two processes on one PostgreSQL and one S3 are one service: nobody can tell which of them has answered. */
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TwoReplicasIT {
    private static final int ROUNDS = 10;
    private static final int KEY_REQUESTS = 20;
    private static final int SIGN_UPS = 3;
    /** For how long figures over CSV may differ. */
    private static final Duration REVALIDATION = Duration.ofSeconds(1);
    private static final List<String> FORMATS = List.of("json", "csv", "xlsx");
    private static final String CDR_HEADER = "event_id,msisdn,call_type,start_time,duration_seconds\n";
    private static final String BOUNDARY = "boundary-of-the-test";

    private final GcoreStandIn gcore = new GcoreStandIn(Clock.systemUTC(), Duration.ofSeconds(1));
    private LocalS3 s3;
    private TwoReplicas both;

    @BeforeAll
    void start(@TempDir Path directory) {
        s3 = LocalS3.start(directory.resolve("s3"), 0);
        SampleFiles.all().forEach(s3.bucket(LocalS3.SAMPLES)::put);
        Map<String, String> environment = new HashMap<>(Map.of("GCORE_API_BASE", gcore.url(), "GCORE_USERNAME",
                GcoreStandIn.USERNAME, "GCORE_PASSWORD", GcoreStandIn.PASSWORD, "REPORT_POLL_INTERVAL", "1"));
        s3.settings().forEach((name, value) -> environment.put(variable(name), value));
        environment.putAll(Map.of("S3_BUCKET", LocalS3.SAMPLES, "TALLY_ANALYTICS_REVALIDATE_SECONDS",
                Long.toString(REVALIDATION.toSeconds())));
        // Nothing comes back while a test runs.
        environment.putAll(Map.of("TALLY_RATE_LIMIT_STATE", "postgres", "TALLY_RATE_LIMIT_KEY_REQUESTS",
                Integer.toString(KEY_REQUESTS), "TALLY_RATE_LIMIT_KEY_WINDOW_SECONDS", "36000",
                "TALLY_RATE_LIMIT_SIGN_UP_REQUESTS", Integer.toString(SIGN_UPS),
                "TALLY_RATE_LIMIT_SIGN_UP_WINDOW_SECONDS", "36000", "QUARKUS_HTTP_PROXY_PROXY_ADDRESS_FORWARDING",
                "true"));
        environment.put("TALLY_LOG_LEVELS_REFRESH_EVERY", "1s");
        both = TwoReplicas.start(directory, "tally_two_it", environment);
    }

    private static String variable(String property) {
        return property.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }

    @AfterAll
    void stop() {
        both.close();
        s3.close();
        gcore.close();
    }

    @Test
    void answerForCallsWithTheSameBytesAndTagWhicheverHasLoadedThem() throws Exception {
        String before = "";
        for (int round = 0; round < ROUNDS; round++) {
            PackagedTally loader = both.inTurn(round);
            PackagedTally reader = both.inTurn(round + 1);
            JsonNode loaded = both.json(as("operator", loader, "/api/usage/cdrs").header("Content-Type", "text/csv")
                    .POST(HttpRequest.BodyPublishers.ofString(CDR_HEADER + "two-" + round
                            + ",352621000001,voice,2024-01-01T10:00:00Z,60\n")));
            assertThat(loaded.path("loaded").asInt()).as(loaded.toString()).isEqualTo(1);

            HttpResponse<String> read = both.send(as("viewer", reader, "/api/usage/352621000001"));
            assertThat(read.body()).contains("\"total_calls\":" + (round + 1) + ",");
            String tag = read.headers().firstValue("ETag").orElseThrow();
            assertThat(tag).isNotEqualTo(before);
            assertThat(status("/api/usage/352621000001", loader, tag)).isEqualTo(304);
            assertThat(status("/api/usage/352621000001", loader, before)).isEqualTo(200);
            before = tag;
        }

        assertSame("/api/usage/352621000001", "/api/usage/352621000001/summary", "/api/usage/top?by=duration",
                "/api/usage?msisdns=352621000001");
    }

    private int status(String path, PackagedTally replica, String tag) throws Exception {
        return both.send(as("viewer", replica, path).header("If-None-Match", tag)).statusCode();
    }

    /** Both answer with the same bytes under the same tag, in every format. */
    private void assertSame(String... paths) throws Exception {
        for (String path : paths) {
            for (String format : FORMATS) {
                String asked = path + (path.contains("?") ? "&" : "?") + "format=" + format;
                HttpResponse<byte[]> one = bytes(both.one(), asked);
                HttpResponse<byte[]> other = bytes(both.other(), asked);

                assertThat(one.statusCode()).as(asked).isEqualTo(200);
                assertThat(other.body()).as(asked).isEqualTo(one.body());
                assertThat(other.headers().firstValue("ETag")).as(asked).isPresent()
                        .isEqualTo(one.headers().firstValue("ETag"));
            }
        }
    }

    private HttpResponse<byte[]> bytes(PackagedTally replica, String path) throws IOException, InterruptedException {
        return both.client().send(as("viewer", replica, path).build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    @Test
    void answerForWorkbooksThatEitherHasImportedAndTakenBack() throws Exception {
        ByteArrayOutputStream form = new ByteArrayOutputStream();
        form.writeBytes(("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.xlsx\""
                + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        form.writeBytes(Files.readAllBytes(Path.of("docs/sample-interactions.xlsx")));
        form.writeBytes(("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.US_ASCII));
        String id = both.json(as("operator", both.one(), "/api/v1/imports").header("Prefer", "wait=60")
                .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .POST(HttpRequest.BodyPublishers.ofByteArray(form.toByteArray()))).path("id").asText();

        assertThat(both.json(as("viewer", both.other(), "/api/v1/imports/" + id)).path("state").asText())
                .isEqualTo("completed");
        assertThat(both.send(as("viewer", both.other(), "/api/v1/interactions/4")).body()).contains("\"Bird\":1");
        assertSame("/api/v1/stats/interactions/all", "/api/v1/interactions/4");

        assertThat(both.send(as("operator", both.other(), "/api/v1/imports/" + id).DELETE()).statusCode())
                .isEqualTo(200);
        assertThat(both.send(as("viewer", both.one(), "/api/v1/stats/interactions/all")).body())
                .doesNotContain("\"Bird\":1");
        assertSame("/api/v1/stats/interactions/all");
    }

    @Test
    void waitAtOneForAReportThatWasOrderedAtTheOther() throws Exception {
        JsonNode ordered = both.json(order(both.one(), "2024-03-01").header("Prefer", "respond-async"));
        String id = ordered.path("uuid").asText();

        assertThat(both.json(as("viewer", both.other(), "/reports/gcore/" + id)).path("uuid").asText()).isEqualTo(id);
        JsonNode awaited = both.json(order(both.other(), "2024-03-01").header("Prefer", "wait=60"));
        assertThat(awaited.path("uuid").asText()).as(awaited.toString()).isEqualTo(id);
        assertThat(awaited.path("status").asText()).isEqualTo("completed");
        assertThat(awaited.path("data")).hasSize(4);
        assertSame("/reports/gcore/" + id);
    }

    @Test
    void endTheWaitAtOneForAReportThatIsCancelledAtTheOther() throws Exception {
        gcore.steer("{\"scripts\":[{\"outcome\":\"never\"}]}");
        CompletableFuture<HttpResponse<String>> waiting = both.client().sendAsync(
                order(both.one(), "2024-03-02").header("Prefer", "wait=200").build(),
                HttpResponse.BodyHandlers.ofString());
        await().atMost(Duration.ofSeconds(30)).until(() -> openOf("2024-03-02").isPresent());

        JsonNode cancelled = both.json(as("operator", both.other(), "/reports/gcore/"
                + openOf("2024-03-02").orElseThrow()).DELETE());

        assertThat(cancelled.path("status").asText()).as(cancelled.toString()).isEqualTo("cancelled");
        await().atMost(Duration.ofSeconds(60)).until(waiting::isDone);
        assertThat(waiting.join().body()).contains("cancelled");
    }

    /** The report of a day, as the other one knows it, once Gcore makes it. */
    private Optional<String> openOf(String day) throws IOException, InterruptedException {
        for (JsonNode job : both.json(as("operator", both.other(), "/reports")).path("data")) {
            if (job.path("start_date").asText().equals(day) && !job.path("status").asText().equals("requested")) {
                return Optional.of(job.path("uuid").asText());
            }
        }
        return Optional.empty();
    }

    private static HttpRequest.Builder order(PackagedTally replica, String day) {
        return as("operator", replica, "/reports/cloud").header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"gcore_user_id\":\"829449\",\"start_date\":\"" + day
                        + "\",\"end_date\":\"" + day + "\"}"));
    }

    @Test
    void doOnceWhatIsSentToBothWithOneIdempotencyKey() throws Exception {
        String owner = both.signUp(both.one(), "keyed@example.com");
        List<String> answers = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            String key = "top-up-" + round;
            var atOne = both.client().sendAsync(topUp(both.one(), key), HttpResponse.BodyHandlers.ofString());
            var atOther = both.client().sendAsync(topUp(both.other(), key), HttpResponse.BodyHandlers.ofString());
            for (HttpResponse<String> each : List.of(atOne.join(), atOther.join())) {
                assertThat(each.statusCode()).as(each.body()).isIn(200, 409);
            }

            HttpResponse<String> replayed = both.client().send(topUp(both.inTurn(round), key),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(replayed.headers().firstValue("Idempotency-Replayed")).contains("true");
            assertThat(List.of(atOne.join(), atOther.join())).filteredOn(each -> each.statusCode() == 200).isNotEmpty()
                    .allSatisfy(each -> assertThat(each.body()).isEqualTo(replayed.body()));
            answers.add(replayed.body());
        }

        assertThat(answers).doesNotHaveDuplicates();
        assertThat(both.json(both.other().request("/me").header("x-api-key", owner)).path("credits").asInt())
                .isEqualTo(100 + ROUNDS);
    }

    private static HttpRequest topUp(PackagedTally replica, String key) {
        return replica.request("/admin/topup?user_email=keyed@example.com&amount=1")
                .header("x-admin-key", TwoReplicas.ADMIN_KEY).header("Idempotency-Key", key)
                .POST(HttpRequest.BodyPublishers.noBody()).build();
    }

    @Test
    void limitAKeyTogether() throws Exception {
        String key = both.signUp(both.one(), "limited@example.com");

        List<Integer> statuses = new ArrayList<>();
        for (int request = 0; request < KEY_REQUESTS + 5; request++) {
            statuses.add(both.send(both.inTurn(request).request("/me").header("x-api-key", key)).statusCode());
        }

        assertThat(statuses.subList(0, KEY_REQUESTS)).containsOnly(200);
        assertThat(statuses.subList(KEY_REQUESTS, statuses.size())).containsOnly(429);
    }

    @Test
    void limitSignUpsTogether() throws Exception {
        List<Integer> statuses = new ArrayList<>();
        for (int request = 0; request < SIGN_UPS + 2; request++) {
            statuses.add(both.send(both.inTurn(request).request("/auth/signup")
                    .header("X-Forwarded-For", "198.51.100.7").header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString("{\"name\":\"N\",\"email\":\"signed." + request
                            + "@example.com\"}")))
                    .statusCode());
        }

        assertThat(statuses).containsExactly(201, 201, 201, 429, 429);
    }

    @Test
    void logAtBothWhatIsAskedForAtOne() throws Exception {
        String category = "/admin/log-levels/dev.tally.problem";
        HttpResponse<String> changed = both.send(as("admin", both.one(), category)
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString("{\"level\":\"debug\"}")));
        assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);

        for (PackagedTally replica : List.of(both.one(), both.other())) {
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                int unused = both.send(as("viewer", replica, "/nowhere")).statusCode();
                return replica.output().lines().anyMatch(
                        line -> line.contains("\"dev.tally.problem\"") && line.contains("\"DEBUG\""));
            });
        }
        assertThat(both.send(as("admin", both.other(), category).DELETE()).statusCode()).isEqualTo(204);
    }

    @Test
    void agreeOnFiguresOverCsvAfterAMomentWhenTheObjectChanges() throws Exception {
        assertThat(both.send(as("viewer", both.one(), "/analytics/claims-stats")).body()).contains("\"aprobado\"");
        assertSame("/analytics/claims-stats");

        s3.bucket(LocalS3.SAMPLES).put("cassandra/reclamos/reclamos.csv",
                "id_reclamo,estado\n1,nuevo\n2,nuevo\n".getBytes(StandardCharsets.UTF_8));

        within(REVALIDATION.plusSeconds(4), () -> isNew(both.one()) && isNew(both.other()));
        assertSame("/analytics/claims-stats");
    }

    private boolean isNew(PackagedTally replica) throws IOException, InterruptedException {
        return both.send(as("viewer", replica, "/claims/stats")).body().equals("{\"nuevo\":2}");
    }
}
