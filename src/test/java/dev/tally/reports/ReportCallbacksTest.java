package dev.tally.reports;

import static dev.tally.testsupport.UsersForTests.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;

import dev.tally.testsupport.GcoreForTests;
import dev.tally.testsupport.GcoreSteering;
import dev.tally.testsupport.WebhooksForTests;
import io.quarkus.test.junit.QuarkusTest;

/** Who asks for a report with a callback_url is told when it ends. */
@QuarkusTest
class ReportCallbacksTest {
    private final GcoreSteering gcore = GcoreForTests.steering();
    private final Queue<Call> calls = new ConcurrentLinkedQueue<>();
    private final Queue<Integer> answers = new ArrayDeque<>();
    private HttpServer receiver;

    private record Call(String path, String signature, String body) {}

    @BeforeEach
    void start() throws IOException {
        gcore.reset();
        receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        receiver.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            calls.add(new Call(exchange.getRequestURI().getPath(),
                    exchange.getRequestHeaders().getFirst("Tally-Signature"), body));
            Integer status = answers.poll();
            exchange.sendResponseHeaders(status == null ? 204 : status, -1);
            exchange.close();
        });
        receiver.start();
    }

    @AfterEach
    void stop() {
        receiver.stop(0);
    }

    private String url(String path) {
        return "http://localhost:" + receiver.getAddress().getPort() + path;
    }

    private static String location(Orders order, String product) {
        return order.postAsync(product).then().statusCode(202).extract().header("Location");
    }

    private Call awaitCall(String path) {
        await().atMost(Duration.ofSeconds(60)).until(() -> calls.stream().anyMatch(call -> call.path().equals(path)));
        return calls.stream().filter(call -> call.path().equals(path)).findFirst().orElseThrow();
    }

    @Test
    void tellsOfTheEndWithASignatureThatTheReceiverCanCheck() throws Exception {
        String location = location(Orders.ofADay().with("callback_url", url("/completed")), "cloud");

        Call call = awaitCall("/completed");

        JsonNode event = new ObjectMapper().readTree(call.body());
        assertThat(event.path("type").asText()).isEqualTo("report.completed");
        assertThat(event.path("data").path("uuid").asText()).isEqualTo(location.substring("/reports/gcore/".length()));
        assertThat(event.path("data").path("count").asInt()).isEqualTo(4);
        assertThat(event.path("data").has("data")).isFalse();
        String time = call.signature().replaceFirst("t=([0-9]+),v1=.*", "$1");
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(WebhooksForTests.SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        assertThat(call.signature()).isEqualTo("t=" + time + ",v1=" + HexFormat.of()
                .formatHex(mac.doFinal((time + "." + call.body()).getBytes(StandardCharsets.UTF_8))));
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> as("viewer").get(location + "/deliveries").then()
                .statusCode(200).body("count", equalTo(1)).body("data[0].state", equalTo("delivered"))
                .body("data[0].attempts.status", contains(204)).body("data[0].type", equalTo("report.completed")));
    }

    @Test
    void tellsOfAFailureAndOfACancellation() {
        gcore.script("Failed", null, null);
        String unused = location(Orders.ofADay().with("callback_url", url("/failed")), "cdn");
        assertThat(awaitCall("/failed").body()).contains("\"type\":\"report.failed\"",
                "The statistics are not complete.");

        gcore.script("never", null, null);
        String cancelled = location(Orders.ofADay().with("callback_url", url("/cancelled")), "cdn");
        as("operator").delete(cancelled).then().statusCode(200);
        assertThat(awaitCall("/cancelled").body()).contains("\"type\":\"report.cancelled\"");
    }

    @Test
    void tellsEachWhoJoinedOnce() {
        gcore.script("Completed", Duration.ofSeconds(6), null);
        Orders order = Orders.ofADay();

        String first = location(order.with("callback_url", url("/one")), "cdn");
        String second = location(order.with("callback_url", url("/two")), "cdn");
        String same = location(order.with("callback_url", url("/two")), "cdn");

        assertThat(List.of(second, same)).containsOnly(first);
        var unused = List.of(awaitCall("/one"), awaitCall("/two"));
        as("viewer").get(first + "/deliveries").then().body("count", equalTo(2));
        assertThat(calls.stream().filter(call -> call.path().equals("/two"))).hasSize(1);
    }

    @Test
    void callsNobodyWhoIsNotAllowed() {
        for (String url : List.of("http://example.com/hook", "http://localhost@example.com/", "http://[::1]/",
                "file:///etc/passwd")) {
            Orders.ofADay().with("callback_url", url).post("cdn").then().statusCode(400)
                    .body("code", equalTo("CALLBACK_URL_INVALID")).body("detail", not(containsString("address")));
        }
    }

    @Test
    void keepsTheAttemptsThatFailed() {
        answers.add(503);

        String location = location(Orders.ofADay().with("callback_url", url("/busy")), "cdn");

        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> as("viewer").get(location + "/deliveries").then()
                .body("data[0].attempts.status", hasItem(503)));
    }
}
