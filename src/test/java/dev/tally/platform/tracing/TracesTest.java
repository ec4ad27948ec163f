package dev.tally.platform.tracing;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;

import org.junit.jupiter.api.Test;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;

import dev.tally.testsupport.ConsumersForTests;
import dev.tally.testsupport.GcoreForTests;
import dev.tally.testsupport.GcoreSteering;
import dev.tally.testsupport.NeedsClickHouse;
import dev.tally.testsupport.OtlpSpan;
import dev.tally.testsupport.RawHttp;
import dev.tally.testsupport.TracesForTests;
import dev.tally.testsupport.UsersForTests;
import io.quarkus.test.common.TestResourceScope;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;

/** What a real receiver of traces gets of requests to the whole application. */
@QuarkusTest
@WithTestResource(value = TracesForTests.class, scope = TestResourceScope.RESTRICTED_TO_CLASS)
class TracesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int LARGE_ROWS = 30_000;
    /** Each is known to hold nothing of a caller's, or is scrubbed: a new one is to be looked at before it is let through. */
    private static final Set<String> KNOWN = Set.of("client.address", "code.function.name", "code.function",
            "code.namespace", "db.client.connection.pool.name", "db.collection.name", "db.name", "db.namespace",
            "db.operation", "db.operation.name", "db.query.text", "db.statement", "db.sql.table", "db.system",
            "db.system.name", "db.user", "db.connection_string", "db.response.status_code", "error.type",
            "http.client_ip", "http.request.method", "http.request.method_original", "http.response.status_code",
            "http.route", "network.peer.address", "network.peer.port", "network.protocol.name",
            "network.protocol.version", "peer.service", "server.address", "server.port", "tally.request_id",
            "thread.id", "thread.name", "url.full", "url.path", "url.query", "url.scheme", "user_agent.original",
            "http.request.body.size", "http.response.body.size");

    @Test
    void followARequestToTheDatabase() {
        List<OtlpSpan> trace = traced(UsersForTests.as("viewer"), "/api/usage?msisdns=352621000007",
                spans -> spans.stream().anyMatch(span -> span.attributes().containsKey("db.system")
                        || span.attributes().containsKey("db.system.name")));

        OtlpSpan server = server(trace);
        assertThat(server.name()).isEqualTo("GET /api/usage");
        assertThat(server.attributes()).containsEntry("http.response.status_code", "200");
        assertThat(trace).filteredOn(span -> !span.isServer()).isNotEmpty()
                .allSatisfy(span -> assertThat(span.parentId()).isNotEmpty());
    }

    @Test
    void followAShortAnswerOnItsEventLoop() {
        List<OtlpSpan> trace = traced(UsersForTests.as("viewer"), "/api/usage/352621000008",
                spans -> has(spans, "postgresql query"));

        assertThat(server(trace).name()).isEqualTo("GET /api/usage/{msisdn}");
        assertThat(server(trace).attributes()).containsEntry("url.path", "/api/usage/*");
        assertThat(find(trace, "postgresql query").parentId()).isEqualTo(server(trace).spanId());
    }

    @Test
    void followAReadingToTheStore() {
        List<OtlpSpan> trace = traced(UsersForTests.as("viewer"), "/analytics/claims-stats",
                spans -> has(spans, "s3 get"));

        OtlpSpan get = find(trace, "s3 get");
        assertThat(get.traceId()).isEqualTo(server(trace).traceId());
        assertThat(get.attributes()).containsEntry("peer.service", "s3");
    }

    @Test
    @NeedsClickHouse
    void followASearchToClickHouse() {
        List<OtlpSpan> trace = traced(ConsumersForTests.signUp().request(), "/query?name_like=nobody352621000009",
                spans -> has(spans, "clickhouse statement"));

        OtlpSpan statement = find(trace, "clickhouse statement");
        assertThat(trace).anySatisfy(span -> {
            assertThat(span.parentId()).isEqualTo(statement.spanId());
            assertThat(span.attributes().get("url.full")).doesNotContain("?");
        });
    }

    @Test
    void followTheWorkOnAReportToGcore() {
        Response unused = report("2019-03-01", Map.of());

        await().atMost(PATIENCE).untilAsserted(() -> {
            List<OtlpSpan> all = TracesForTests.spans();
            assertThat(all).anySatisfy(span -> {
                assertThat(span.attributes().getOrDefault("url.full", "")).contains("/billing/");
                assertThat(all.stream().filter(job -> job.traceId().equals(span.traceId())).map(OtlpSpan::name))
                        .contains("job report-step");
            });
        });
    }

    /** What is too large for PostgreSQL, which is not much here. */
    @Test
    void followALargeReportIntoTheStoreAndOutOfIt() {
        GcoreSteering gcore = GcoreForTests.steering();
        gcore.reset();
        gcore.option("rows", LARGE_ROWS);
        String uuid = report("2019-03-02", Map.of()).path("uuid");
        gcore.reset();

        List<OtlpSpan> reading = traced(UsersForTests.as("viewer").accept("text/csv"), "/reports/gcore/" + uuid,
                spans -> has(spans, "s3 get"));

        List<OtlpSpan> all = TracesForTests.spans();
        OtlpSpan put = find(all, "s3 put");
        assertThat(put.attributes()).containsEntry("peer.service", "s3");
        assertThat(all.stream().filter(span -> span.traceId().equals(put.traceId())).map(OtlpSpan::name))
                .contains("job report-step");
        assertThat(find(reading, "s3 get").attributes()).containsEntry("peer.service", "s3");
    }

    @Test
    void areNotToldToReceiversOfWebhooks() throws IOException {
        List<Headers> told = new CopyOnWriteArrayList<>();
        HttpServer receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/", exchange -> {
            told.add(exchange.getRequestHeaders());
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        receiver.start();
        try {
            Response unused = report("2019-03-03",
                    Map.of("callback_url", "http://localhost:" + receiver.getAddress().getPort() + "/"));

            await().atMost(PATIENCE).until(() -> has(TracesForTests.spans(), "job webhook"));
        } finally {
            receiver.stop(0);
        }
        assertThat(told).isNotEmpty()
                .allSatisfy(headers -> assertThat(headers).doesNotContainKeys("Traceparent", "Tracestate"));
    }

    private static Response report(String day, Map<String, Object> more) {
        Map<String, Object> order = new HashMap<>(
                Map.of("gcore_user_id", "829449", "start_date", day, "end_date", day));
        order.putAll(more);
        Response answer = UsersForTests.as("operator").contentType("application/json").body(order)
                .post("/reports/cloud");
        assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(200);
        return answer;
    }

    @Test
    void holdNothingThatCallersKeepToThemselves() {
        ConsumersForTests.Signed consumer = ConsumersForTests.signUp();
        List<String> secrets = List.of(consumer.apiKey(), consumer.apiKey().substring(10), "352621000011", "s3cret",
                "sentinel@example.com", "Mozilla-sentinel", UsersForTests.basic("viewer").substring(6));
        traced(UsersForTests.as("viewer").header("User-Agent", "Mozilla-sentinel").header("x-admin-key", "s3cret"),
                "/api/usage/352621000011?start_date=s3cret&msisdn=352621000011", spans -> true);
        traced(given().header("x-api-key", consumer.apiKey()), "/record/352621000011", spans -> true);
        traced(given(), "/nowhere/" + consumer.apiKey(), spans -> true);
        traced(UsersForTests.as("admin"), "/admin/users?email_like=sentinel@example.com", spans -> true);
        traced(UsersForTests.as("admin"), "/admin/ledger?user_email=sentinel@example.com", spans -> true);

        String sent = TracesForTests.text();
        assertThat(secrets).noneMatch(sent::contains);
        assertThat(TracesForTests.spans()).isNotEmpty().allSatisfy(span -> {
            assertThat(KNOWN).containsAll(span.attributes().keySet());
            // Ours; those with the words of exceptions have no room.
            assertThat(span.events()).isOne();
        });
    }

    /** By what no well-behaved client sends, or only a proxy. */
    @Test
    void holdNoWordsOfStrangersNorWhereTheyAre() throws IOException {
        String requestId = "trace-strange-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
        String answer = RawHttp.exchange("SENTINELMETHOD /api/usage/352621000014 HTTP/1.1\r\nHost: sentinel.host\r\n"
                + RawHttp.VIEWER + "X-Forwarded-Host: sentinel.forwarded\r\nX-Forwarded-Proto: sentinelproto\r\n"
                + "X-Forwarded-For: 198.51.100.77\r\nForwarded: for=198.51.100.78;proto=sentinelproto\r\n"
                + "traceparent: 00-" + "5".repeat(32) + "-" + "5".repeat(16) + "-01\r\ntracestate: sentinel=state\r\n"
                + "baggage: sentinel=baggage\r\nX-Request-Id: " + requestId + "\r\nConnection: close\r\n\r\n");
        assertThat(answer).startsWith("HTTP/1.1 40");

        await().atMost(PATIENCE).until(() -> TracesForTests.spans().stream()
                .anyMatch(span -> requestId.equals(span.attributes().get("tally.request_id"))));
        assertThat(TracesForTests.text()).doesNotContainIgnoringCase("sentinelmethod", "sentinel.host",
                "sentinel.forwarded", "sentinelproto", "198.51.100.", "sentinel=", "sentinelstate");
        assertThat(TracesForTests.spans()).filteredOn(OtlpSpan::isServer).isNotEmpty().allSatisfy(
                span -> assertThat(span.attributes().values()).doesNotContain("127.0.0.1", "localhost"));
    }

    @Test
    void goOnFromTheCallersButDoNotDoWhatItSays() {
        String theirs = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong()) + "0123456789abcdef";

        UsersForTests.as("viewer").header("traceparent", "00-" + theirs + "-00f067aa0ba902b7-00")
                .get("/api/usage/352621000012").then().statusCode(200);

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(TracesForTests.spans())
                .anySatisfy(span -> {
                    assertThat(span.traceId()).isEqualTo(theirs);
                    assertThat(span.parentId()).isEqualTo("00f067aa0ba902b7");
                }));
    }

    @Test
    void areNotMadeOfProbesNorOfWorkForNobody() {
        for (String path : List.of("/health", "/q/health", "/q/health/ready", "/docs/index.html", "/openapi.json")) {
            given().get(path);
        }
        UsersForTests.as("viewer").get("/q/metrics");
        traced(UsersForTests.as("viewer"), "/api/usage/352621000013", spans -> true);

        List<OtlpSpan> all = TracesForTests.spans();
        assertThat(all).noneSatisfy(span -> assertThat(span.attributes().getOrDefault("url.path", ""))
                .matches("/health|/q/.*|/docs.*|/openapi.*"));
        assertThat(all).filteredOn(span -> span.parentId().isEmpty())
                .allSatisfy(root -> assertThat(root.isServer() || root.name().startsWith("job ")).isTrue());
    }

    /** Asks, and waits until the spans of that are there. */
    private static List<OtlpSpan> traced(RequestSpecification caller, String path, Predicate<List<OtlpSpan>> complete) {
        String requestId = "trace-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
        caller.header("X-Request-Id", requestId).get(path);
        List<OtlpSpan> trace = new ArrayList<>();
        await().atMost(PATIENCE).until(() -> {
            List<OtlpSpan> all = TracesForTests.spans();
            trace.clear();
            all.stream().filter(span -> requestId.equals(span.attributes().get("tally.request_id"))).findFirst()
                    .ifPresent(server -> all.stream().filter(span -> span.traceId().equals(server.traceId()))
                            .forEach(trace::add));
            return !trace.isEmpty() && complete.test(trace);
        });
        return trace;
    }

    private static OtlpSpan server(List<OtlpSpan> trace) {
        return trace.stream().filter(OtlpSpan::isServer).findFirst().orElseThrow();
    }

    private static boolean has(List<OtlpSpan> trace, String name) {
        return trace.stream().anyMatch(span -> span.name().equals(name));
    }

    private static OtlpSpan find(List<OtlpSpan> trace, String name) {
        return trace.stream().filter(span -> span.name().equals(name)).findFirst().orElseThrow();
    }
}
