package dev.tally.platform.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import javax.sql.DataSource;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.tally.platform.ending.ProcessLeaving;
import dev.tally.platform.postgres.Statements;
import dev.tally.platform.webhook.Outcome.Result;
import dev.tally.testsupport.ScratchDatabase;
import dev.tally.testsupport.SetClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;

/** From the event to the receiver: at least once, and no host in the way of another. */
@Timeout(120)
class WebhookDispatcherTest {
    private static final DataSource DATABASE = ScratchDatabase.create("tally_webhooks");
    private static final Vertx VERTX = Vertx.vertx();
    private static final Instant NOW = Instant.parse("2025-03-01T12:00:00Z");
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Duration LEASE = Duration.ofSeconds(90);

    private final WebhookConfigForTests config = WebhookConfigForTests.forLocalReceivers();
    private final SetClock clock = new SetClock(NOW);
    private final WebhookQueries queries = new WebhookQueries(new Statements(DATABASE));
    private final CallbackRules rules = new CallbackRules(config);
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final WebhookService service = new WebhookService(rules, queries, new ObjectMapper(), clock, config);
    private final WebhookSender sender = newSender();
    private final WebhookSender senderOfAnother = newSender();
    private final WebhookDispatcher dispatcher = dispatcher(sender);

    @BeforeEach
    void forgetAllDeliveries() {
        text("TRUNCATE platform.webhook_delivery CASCADE");
    }

    @AfterEach
    void endAttempts() {
        dispatcher.beginNoMore(new ProcessLeaving());
        dispatcher.onShutdown(new ShutdownEvent());
        sender.close();
        senderOfAnother.close();
    }

    private WebhookSender newSender() {
        return new WebhookSender(VERTX, new HttpClientOptions(), _ -> List.of(InetAddress.ofLiteral("127.0.0.1")),
                _ -> true, rules, new WebhookSignature(config), clock, config, "1.2.3");
    }

    @AfterAll
    static void close() {
        VERTX.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void tellsTheReceiverOfTheEvent() throws Exception {
        try (Receiver receiver = Receiver.on("127.0.0.1", Receiver.status(200))) {
            UUID id = enqueue("a", receiver, "{\"rows\": 1.50, \"name\":\"ü\"}");

            dispatcher.sendDue();

            awaitState("delivered", 1);
            JsonNode body = new ObjectMapper().readTree(receiver.received().getFirst().body());
            assertThat(body.properties()).extracting(Map.Entry::getKey).containsExactly("id", "type", "created_at",
                    "data");
            assertThat(body.path("id").asText()).isEqualTo(id.toString());
            assertThat(body.path("type").asText()).isEqualTo("report.completed");
            assertThat(body.path("created_at").asText()).isEqualTo("2025-03-01T12:00:00Z");
            assertThat(new String(receiver.received().getFirst().body(), UTF_8))
                    .endsWith(",\"data\":{\"rows\": 1.50, \"name\":\"ü\"}}");
            assertThat(service.deliveries("job-1")).containsExactly(new WebhookDelivery(id, "report.completed",
                    "delivered", NOW, Optional.empty(),
                    List.of(new WebhookDelivery.Attempt(1, NOW, Optional.of(200), Optional.empty()))));
            assertThat(metrics.counter("tally.webhook.attempts", "outcome", "delivered").count()).isEqualTo(1);
        }
    }

    @Test
    void triesAgainWithTheSameBytesAndANewSignature() {
        AtomicInteger requests = new AtomicInteger();
        try (Receiver receiver = Receiver.on("127.0.0.1",
                exchange -> Receiver.answer(exchange, requests.incrementAndGet() == 1 ? 503 : 200))) {
            UUID id = enqueue("a", receiver, "{}");
            dispatcher.sendDue();
            await().atMost(SOON).until(() -> !delivery().attempts().isEmpty());
            assertThat(delivery().nextAttemptAt()).contains(NOW.plusSeconds(10));

            clock.advance(Duration.ofMillis(9_999));
            dispatcher.sendDue();
            clock.advance(Duration.ofMillis(1));
            dispatcher.sendDue();

            awaitState("delivered", 1);
            assertThat(receiver.received()).hasSize(2);
            Receiver.Received first = receiver.received().getFirst();
            Receiver.Received second = receiver.received().getLast();
            assertThat(second.body()).isEqualTo(first.body());
            assertThat(second.header("Tally-Delivery")).isEqualTo(first.header("Tally-Delivery"))
                    .isEqualTo(id.toString());
            assertThat(first.header("Tally-Signature")).startsWith("t=1740830400,");
            assertThat(second.header("Tally-Signature")).startsWith("t=1740830410,");
            assertThat(delivery().attempts()).extracting(WebhookDelivery.Attempt::status)
                    .containsExactly(Optional.of(503), Optional.of(200));
        }
    }

    @Test
    void givesUpAfterADay() {
        try (Receiver receiver = Receiver.on("127.0.0.1", Receiver.status(500))) {
            enqueue("a", receiver, "{}");

            while (delivery().state().equals("open")) {
                int before = delivery().attempts().size();
                dispatcher.sendDue();
                await().atMost(SOON).until(() -> delivery().attempts().size() == before + 1);
                delivery().nextAttemptAt().ifPresent(next -> clock.advance(Duration.between(clock.instant(), next)));
            }

            WebhookDelivery failed = delivery();
            assertThat(failed.state()).isEqualTo("failed");
            assertThat(failed.nextAttemptAt()).isEmpty();
            assertThat(failed.attempts().getLast().at()).isBetween(NOW.plus(Duration.ofHours(23)),
                    NOW.plus(Duration.ofHours(24)));
            assertThat(receiver.received()).hasSize(failed.attempts().size()).hasSizeBetween(30, 35);
        }
    }

    @Test
    void deliversEachOnceHoweverManyProcessesSend() {
        WebhookDispatcher other = dispatcher(senderOfAnother);
        Set<UUID> ids = new HashSet<>();
        try (Receiver receiver = Receiver.on("127.0.0.1", Receiver.status(204))) {
            for (int i = 0; i < 60; i++) {
                ids.add(enqueue("h" + i % 6, receiver, "{}"));
            }

            await().atMost(SOON).pollInterval(Duration.ofMillis(20)).until(() -> {
                dispatcher.sendDue();
                other.sendDue();
                return count("delivered") == 60;
            });

            assertThat(receiver.received()).hasSize(60).extracting(request -> request.header("Tally-Delivery"))
                    .containsExactlyInAnyOrderElementsOf(ids.stream().map(UUID::toString).toList());
            assertThat(text("SELECT max(attempts) FROM platform.webhook_delivery")).isEqualTo("1");
        }
    }

    @Test
    void letsASlowHostHaveItsShareAndNoMore() {
        CountDownLatch testEnds = new CountDownLatch(1);
        AtomicInteger atOnce = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        try (Receiver slow = Receiver.on("127.0.0.1", exchange -> {
            most.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
            waitFor(testEnds);
            atOnce.decrementAndGet();
            Receiver.answer(exchange, 200);
        }); Receiver fast = Receiver.on("127.0.0.1", Receiver.status(200))) {
            for (int i = 0; i < 20; i++) {
                enqueue("slow", slow, "{}");
            }
            // Those of the slow host were there first.
            clock.advance(Duration.ofSeconds(1));
            for (int i = 0; i < 20; i++) {
                enqueue("fast", fast, "{}");
            }

            // Once: what ends makes room for what is left.
            dispatcher.sendDue();

            await().atMost(SOON).until(() -> count("delivered") == 20);
            assertThat(fast.received()).hasSize(20);
            await().atMost(SOON).until(() -> slow.received().size() == config.maxConcurrentPerHost());
            assertThat(most).hasValueLessThanOrEqualTo(config.maxConcurrentPerHost());
            testEnds.countDown();
        }
    }

    @Test
    void sendsNoMoreAtOnceThanItMay() {
        CountDownLatch testEnds = new CountDownLatch(1);
        try (Receiver slow = Receiver.on("127.0.0.1", exchange -> {
            waitFor(testEnds);
            Receiver.answer(exchange, 200);
        })) {
            for (int i = 0; i < 30; i++) {
                enqueue("h" + i % 10, slow, "{}");
            }

            dispatcher.sendDue();
            dispatcher.sendDue();

            await().atMost(SOON).until(() -> slow.received().size() == config.maxConcurrent());
            assertThat(text("SELECT count(*) FROM platform.webhook_delivery WHERE attempts > 0"))
                    .isEqualTo(Integer.toString(config.maxConcurrent()));
            testEnds.countDown();
            awaitState("delivered", 30);
        }
    }

    @Test
    void sendsAgainWhatADeadProcessHadTaken() {
        try (Receiver receiver = Receiver.on("127.0.0.1", Receiver.status(200))) {
            enqueue("a", receiver, "{}");
            DueDelivery taken = queries.claim(NOW, NOW.plus(LEASE), 1, 1, Map.of()).getFirst();

            clock.advance(LEASE.minusMillis(1));
            dispatcher.sendDue();
            assertThat(text("SELECT attempts FROM platform.webhook_delivery")).isEqualTo("1");
            clock.advance(Duration.ofMillis(1));
            dispatcher.sendDue();

            awaitState("delivered", 1);
            queries.endAttempt(taken, Result.of(500), clock.instant(), Optional.of(clock.instant()));
            assertThat(delivery().state()).isEqualTo("delivered");
            assertThat(delivery().attempts()).extracting(WebhookDelivery.Attempt::number).containsExactly(2);
        }
    }

    @Test
    void letsNoAttemptThatCountedAsDeadEndItsSuccessor() {
        try (Receiver receiver = Receiver.on("127.0.0.1", Receiver.status(200))) {
            enqueue("a", receiver, "{}");
            DueDelivery dead = queries.claim(NOW, NOW, 1, 1, Map.of()).getFirst();
            DueDelivery successor = queries.claim(NOW, NOW.plus(LEASE), 1, 1, Map.of()).getFirst();

            queries.endAttempt(dead, Result.of(200), NOW, Optional.empty());

            assertThat(delivery().state()).isEqualTo("open");
            assertThat(delivery().attempts()).isEmpty();
            queries.endAttempt(successor, Result.of(200), NOW, Optional.empty());
            assertThat(delivery().state()).isEqualTo("delivered");
        }
    }

    @Test
    void doesNotTellAHostThatIsInsideFromOneThatIsAway() {
        WebhookSender blocking = new WebhookSender(VERTX, new HttpClientOptions(),
                _ -> List.of(InetAddress.ofLiteral("127.0.0.1")), _ -> false, rules, new WebhookSignature(config),
                clock, config, "1.2.3");
        int nobody;
        try (Receiver receiver = Receiver.on("127.0.0.1", Receiver.status(200))) {
            nobody = receiver.port();
            enqueue("a", receiver, "{}");
            dispatcher(blocking).sendDue();
            await().atMost(SOON).until(() -> !delivery().attempts().isEmpty());
            assertThat(receiver.received()).isEmpty();
        }
        WebhookDelivery inside = delivery();
        text("TRUNCATE platform.webhook_delivery CASCADE");
        service.enqueue(service.check("http://a.example.test:" + nobody + "/"), "report.completed", "{}", "job-1");
        dispatcher.sendDue();
        await().atMost(SOON).until(() -> !delivery().attempts().isEmpty());

        assertThat(inside.attempts()).isEqualTo(delivery().attempts());
        assertThat(inside.attempts().getFirst().fault()).contains("The host could not be reached.");
        assertThat(metrics.counter("tally.webhook.attempts", "outcome", "blocked").count()).isEqualTo(1);
        assertThat(metrics.counter("tally.webhook.attempts", "outcome", "failed").count()).isEqualTo(1);
        blocking.close();
    }

    @Test
    void takesNothingWhenNoWebhooksAreConfigured() {
        try (Receiver receiver = Receiver.on("127.0.0.1", Receiver.status(200))) {
            enqueue("a", receiver, "{}");
            WebhookConfig none = new WebhookConfigForTests(Optional.empty(), config.allowedHosts(), true);

            new WebhookDispatcher(queries, sender, new CallbackRules(none), metrics, clock, none).sendDue();

            assertThat(text("SELECT attempts FROM platform.webhook_delivery")).isEqualTo("0");
        }
    }

    @Test
    void takesNothingOnceTheServiceEnds() {
        try (Receiver receiver = Receiver.on("127.0.0.1", Receiver.status(200))) {
            enqueue("a", receiver, "{}");
            dispatcher.beginNoMore(new ProcessLeaving());

            dispatcher.sendDue();

            assertThat(text("SELECT attempts FROM platform.webhook_delivery")).isEqualTo("0");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{", "{}}", "{} {}", "nothing", "{\"a\":1},\"id\":\"x\""})
    void refusesDataThatIsNotJson(String data) {
        try (Receiver receiver = Receiver.on("127.0.0.1", Receiver.status(200))) {
            assertThatThrownBy(() -> enqueue("a", receiver, data)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("The data of an event is not a JSON text");
        }
    }

    @Test
    void refusesDataThatIsTooLarge() {
        try (Receiver receiver = Receiver.on("127.0.0.1", Receiver.status(200))) {
            String data = "\"" + "x".repeat(10_000) + "\"";

            assertThatThrownBy(() -> enqueue("a", receiver, data)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("more than 10000 bytes");
        }
    }

    @Test
    void forgetsDeliveriesAfterAMonth() {
        try (Receiver receiver = Receiver.on("127.0.0.1", Receiver.status(200))) {
            for (int i = 0; i < 10; i++) {
                enqueue("a", receiver, "{}");
            }
            queries.endAttempt(queries.claim(NOW, NOW.plus(LEASE), 1, 1, Map.of()).getFirst(), Result.of(200), NOW,
                    Optional.empty());
            clock.advance(Duration.ofDays(30).minusSeconds(1));
            service.removeOld();
            assertThat(service.deliveries("job-1")).hasSize(10);
            clock.advance(Duration.ofSeconds(1));
            UUID young = enqueue("a", receiver, "{}");

            service.removeOld();

            assertThat(service.deliveries("job-1")).extracting(WebhookDelivery::id).containsExactly(young);
            assertThat(text("SELECT count(*) FROM platform.webhook_attempt")).isEqualTo("0");
        }
    }

    private UUID enqueue(String name, Receiver receiver, String data) {
        String url = "http://" + name + ".example.test:" + receiver.port() + "/hooks?token=t0ken";
        return service.enqueue(service.check(url), "report.completed", data, "job-1");
    }

    private WebhookDispatcher dispatcher(WebhookSender with) {
        return new WebhookDispatcher(queries, with, rules, new Backoff(config, bound -> bound / 2), metrics, clock,
                config);
    }

    private WebhookDelivery delivery() {
        return service.deliveries("job-1").getFirst();
    }

    private static void awaitState(String state, int count) {
        await().atMost(SOON).until(() -> count(state) == count);
    }

    private static int count(String state) {
        return Integer.parseInt(
                text("SELECT count(*) FROM platform.webhook_delivery WHERE state = '" + state + "'"));
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /** Runs a statement; gives the first column of a query's first row. */
    private static String text(String sql) {
        try (Connection connection = DATABASE.getConnection(); Statement statement = connection.createStatement()) {
            if (!statement.execute(sql)) {
                return "";
            }
            try (ResultSet result = statement.getResultSet()) {
                result.next();
                return result.getString(1);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
