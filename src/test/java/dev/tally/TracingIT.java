package dev.tally;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.tally.local.LocalPostgres;
import dev.tally.testsupport.GrpcOtlpReceiver;
import dev.tally.testsupport.OtlpReceiver;
import dev.tally.testsupport.OtlpSpan;
import dev.tally.testsupport.PackagedTally;
import dev.tally.testsupport.ScratchDatabase;
import dev.tally.testsupport.UsersForTests;

/** The packaged application with, and without, somebody to send traces to. */
@Timeout(180)
class TracingIT {
    private static final int QUEUE = 512;
    /** Each makes two spans, so that they do not fit into the queue. */
    private static final int MANY = 600;
    private static final Duration SLOW = Duration.ofSeconds(2);
    private static final Duration LONGEST_END = Duration.ofSeconds(35);

    private final Map<String, String> environment;

    TracingIT(@TempDir Path directory) throws IOException {
        Path users = Files.writeString(directory.resolve("users"),
                "viewer = " + UsersForTests.digest("viewer") + ", viewer\n");
        environment = new HashMap<>(Map.of("TALLY_USERS_FILE", users.toString(), "POSTGRES_URL",
                ScratchDatabase.createEmpty("tally_it"), "POSTGRES_USER", LocalPostgres.USER, "POSTGRES_PASSWORD",
                "none", "TALLY_POSTGRES_MIGRATE_AT_START", "true"));
    }

    @Test
    void sendsTracesOnceItKnowsWhere() throws Exception {
        try (OtlpReceiver receiver = OtlpReceiver.start(); HttpClient client = HttpClient.newHttpClient()) {
            environment.put("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.url());
            try (PackagedTally tally = PackagedTally.start(environment)) {
                assertThat(usage(client, tally).statusCode()).isEqualTo(200);
                tally.terminate();
                int unused = tally.exitCode();

                // What was not sent yet is, before it ends.
                List<OtlpSpan> spans = OtlpReceiver.spansAt(receiver.url());
                OtlpSpan server = spans.stream().filter(OtlpSpan::isServer).findFirst().orElseThrow();
                assertThat(spans).anySatisfy(span -> assertThat(span.parentId()).isEqualTo(server.spanId()));
                assertThat(tally.output().lines().filter(line -> line.contains("dev.tally.access"))).isNotEmpty()
                        .allSatisfy(line -> {
                            JsonNode mdc = new ObjectMapper().readTree(line).path("mdc");
                            assertThat(mdc.path("traceId").asText()).isEqualTo(server.traceId());
                            assertThat(mdc.path("spanId").asText()).isEqualTo(server.spanId());
                            assertThat(mdc.path("requestId").asText())
                                    .isEqualTo(server.attributes().get("tally.request_id"));
                        });
            }
        }
    }

    @Test
    void sendsTracesOverGrpcToo() throws Exception {
        try (GrpcOtlpReceiver receiver = GrpcOtlpReceiver.start(); HttpClient client = HttpClient.newHttpClient()) {
            environment.put("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.url());
            environment.put("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc");
            try (PackagedTally tally = PackagedTally.start(environment)) {
                assertThat(usage(client, tally).statusCode()).isEqualTo(200);
                tally.terminate();
                int unused = tally.exitCode();

                OtlpSpan server = receiver.spans().stream().filter(OtlpSpan::isServer).findFirst().orElseThrow();
                assertThat(server.attributes()).containsEntry("http.route", "/api/usage/{msisdn}");
                assertThat(receiver.spans())
                        .anySatisfy(span -> assertThat(span.parentId()).isEqualTo(server.spanId()));
            }
        }
    }

    /** The receiver takes connections, and says nothing. */
    @Test
    void isNotHeldUpByAReceiverThatHangs() throws Exception {
        try (ServerSocket hanging = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                HttpClient client = HttpClient.newHttpClient()) {
            environment.put("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:" + hanging.getLocalPort());
            environment.put("TALLY_TRACES_MAX_PER_SECOND", "100000");
            environment.put("QUARKUS_OTEL_BSP_MAX_QUEUE_SIZE", Integer.toString(QUEUE));
            try (PackagedTally tally = PackagedTally.start(environment)) {
                assertThat(usage(client, tally).statusCode()).isEqualTo(200);
                long slowest = 0;
                for (int i = 0; i < MANY; i++) {
                    long begin = System.nanoTime();
                    assertThat(usage(client, tally).statusCode()).isEqualTo(200);
                    slowest = Math.max(slowest, System.nanoTime() - begin);
                }
                assertThat(Duration.ofNanos(slowest)).isLessThan(SLOW);

                long begin = System.nanoTime();
                tally.terminate();
                int unused = tally.exitCode();

                assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(LONGEST_END);
            }
        }
    }

    @Test
    @EnabledIf("dev.tally.testsupport.PackagedTally#isJar")
    void makesNothingOfItWithoutAReceiver() throws Exception {
        try (PackagedTally tally = PackagedTally.start(environment); HttpClient client = HttpClient.newHttpClient()) {
            assertThat(usage(client, tally).statusCode()).isEqualTo(200);

            // Over JDBC, the dead included that came of it.
            HttpRequest imports = tally.request("/api/v1/imports")
                    .header("Authorization", UsersForTests.basic("viewer"))
                    .build();
            assertThat(client.send(imports, HttpResponse.BodyHandlers.ofString()).statusCode()).isEqualTo(200);
            String objects = jcmd(tally, "GC.class_histogram", "-all");

            assertThat(objects).contains("io.agroal.").doesNotContain("io.opentelemetry.sdk.trace.SdkSpan",
                    "io.opentelemetry.instrumentation.jdbc.internal.OpenTelemetryConnection");
            assertThat(jcmd(tally, "Thread.print")).contains("vert.x-eventloop").doesNotContain("BatchSpanProcessor");
            assertThat(tally.output()).doesNotContain("traceId");
        }
    }

    private static String jcmd(PackagedTally tally, String... command) throws IOException {
        List<String> line = new ArrayList<>(List.of(Path.of(PackagedTally.java()).resolveSibling("jcmd").toString(),
                Long.toString(tally.pid())));
        line.addAll(List.of(command));
        Process asked = new ProcessBuilder(line).start();
        String said = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        await().atMost(Duration.ofSeconds(60)).until(() -> !asked.isAlive());
        return said;
    }

    private static HttpResponse<String> usage(HttpClient client, PackagedTally tally) throws Exception {
        HttpRequest request = tally.request("/api/usage/352621000001")
                .header("Authorization", UsersForTests.basic("viewer")).build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
