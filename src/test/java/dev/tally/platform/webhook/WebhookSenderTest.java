package dev.tally.platform.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import com.sun.net.httpserver.HttpHandler;

import dev.tally.platform.webhook.Outcome.Result;
import dev.tally.testsupport.LogLines;
import dev.tally.testsupport.SetClock;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;

@Timeout(60)
class WebhookSenderTest {
    private static final Vertx VERTX = Vertx.vertx();
    private static final InetAddress FINE = InetAddress.ofLiteral("127.0.0.1");
    /** Stands for an address that is not public. */
    private static final InetAddress PRIVATE = InetAddress.ofLiteral("127.0.0.2");
    private static final Instant NOW = Instant.parse("2025-03-01T12:00:00Z");
    private static final byte[] BODY = "{\"id\":\"1\",\"data\":\"ü\"}".getBytes(UTF_8);

    private WebhookConfig config = WebhookConfigForTests.forLocalReceivers();
    private final CountDownLatch testEnds = new CountDownLatch(1);
    private HostResolver resolver = _ -> List.of(FINE);

    @AfterAll
    static void close() {
        VERTX.close().toCompletionStage().toCompletableFuture().join();
    }

    @AfterEach
    void letReceiversGo() {
        testEnds.countDown();
    }

    @Test
    void sendsTheBodyWithASignatureThatTheReceiverCanCheck() throws Exception {
        try (Receiver receiver = Receiver.on("127.0.0.1", Receiver.status(204))) {
            DueDelivery delivery = delivery(receiver.port(), "/tally/%2Fa?b=c%20d");

            Result result = send(delivery);

            assertThat(result).isEqualTo(new Result(Outcome.DELIVERED, Optional.of(204)));
            assertThat(receiver.received()).singleElement().satisfies(request -> {
                assertThat(request.method()).isEqualTo("POST");
                assertThat(request.uri()).isEqualTo("/tally/%2Fa?b=c%20d");
                assertThat(request.body()).isEqualTo(BODY);
                assertThat(request.header("Host")).isEqualTo("hooks.example.test:" + receiver.port());
                assertThat(request.header("Content-Type")).isEqualTo("application/json");
                assertThat(request.header("User-Agent")).isEqualTo("Tally/1.2.3");
                assertThat(request.header("Tally-Delivery")).isEqualTo(delivery.id().toString());
                assertThat(request.header("Tally-Signature"))
                        .isEqualTo("t=1740830400,v1=" + hmac("1740830400." + new String(BODY, UTF_8)));
            });
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 202, 204, 299})
    void takesEvery2xxForDelivered(int status) throws Exception {
        assertThat(sendTo(Receiver.status(status))).isEqualTo(new Result(Outcome.DELIVERED, Optional.of(status)));
    }

    @ParameterizedTest
    @ValueSource(ints = {300, 304, 400, 401, 404, 410, 429, 500, 503, 599})
    void takesEveryOtherStatusForRefused(int status) throws Exception {
        assertThat(sendTo(Receiver.status(status))).isEqualTo(new Result(Outcome.REFUSED, Optional.of(status)));
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void followsNoRedirect(int status) throws Exception {
        try (Receiver trap = Receiver.on("127.0.0.1", Receiver.status(200))) {
            Result result = sendTo(exchange -> {
                exchange.getResponseHeaders().add("Location", "http://hooks.example.test:" + trap.port() + "/");
                Receiver.answer(exchange, status);
            });

            assertThat(result).isEqualTo(new Result(Outcome.REFUSED, Optional.of(status)));
            assertThat(trap.received()).isEmpty();
        }
    }

    @Test
    void waitsNoLongerThanTheTimeOutForAnAnswer() throws Exception {
        config = WebhookConfigForTests.impatient();

        Result result = sendTo(_ -> waitForTheEnd());

        assertThat(result).isEqualTo(Result.without(Outcome.TIMED_OUT));
    }

    @Test
    void doesNotWaitForTheEndOfABodyWhoseStatusItHas() throws Exception {
        Result result = sendTo(exchange -> {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write('a');
            exchange.getResponseBody().flush();
            waitForTheEnd();
        });

        assertThat(result).isEqualTo(new Result(Outcome.DELIVERED, Optional.of(200)));
    }

    @Test
    void dropsAnAnswerThatDoesNotEnd() throws Exception {
        AtomicLong written = new AtomicLong();
        CountDownLatch cut = new CountDownLatch(1);

        Result result = sendTo(exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream body = exchange.getResponseBody()) {
                byte[] part = new byte[65_536];
                for (int i = 0; i < 100_000; i++) {
                    body.write(part);
                    written.addAndGet(part.length);
                }
            } catch (IOException e) {
                cut.countDown();
                throw e;
            }
        });

        assertThat(result).isEqualTo(new Result(Outcome.DELIVERED, Optional.of(200)));
        cut.await();
        assertThat(written.get()).as("what fits into the buffers between the two").isLessThan(100_000_000);
    }

    @Test
    void failsWhenTheConnectionIsCut() throws Exception {
        try (ServerSocket server = new ServerSocket()) {
            server.bind(new InetSocketAddress(FINE, 0));
            Thread.ofVirtual().start(() -> {
                try (Socket socket = server.accept()) {
                    socket.getOutputStream().write("HTTP/1.1 200".getBytes(UTF_8));
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });

            assertThat(send(delivery(server.getLocalPort(), "/"))).isEqualTo(Result.without(Outcome.FAILED));
        }
    }

    @Test
    void failsWhenWhatComesIsNoHttp() throws Exception {
        try (ServerSocket server = new ServerSocket()) {
            server.bind(new InetSocketAddress(FINE, 0));
            Thread.ofVirtual().start(() -> {
                try (Socket socket = server.accept()) {
                    socket.getOutputStream().write("SSH-2.0-OpenSSH_9.2 and more\r\n\r\n".getBytes(UTF_8));
                    waitForTheEnd();
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });

            assertThat(send(delivery(server.getLocalPort(), "/"))).isEqualTo(Result.without(Outcome.FAILED));
        }
    }

    @Test
    void failsWhenNobodyIsThere() throws Exception {
        int port;
        try (Receiver receiver = Receiver.on("127.0.0.1", Receiver.status(200))) {
            port = receiver.port();
        }

        assertThat(send(delivery(port, "/"))).isEqualTo(Result.without(Outcome.FAILED));
    }

    @Test
    void failsWhenTheHostHasNoAddress() throws Exception {
        resolver = host -> {
            throw new UnknownHostException(host);
        };
        assertThat(sendTo(Receiver.status(200))).isEqualTo(Result.without(Outcome.FAILED));

        resolver = _ -> List.of();
        assertThat(sendTo(Receiver.status(200))).isEqualTo(Result.without(Outcome.FAILED));
    }

    @Test
    void waitsNoLongerThanTheTimeOutForTheAddresses() throws Exception {
        config = WebhookConfigForTests.impatient();
        resolver = _ -> {
            waitForTheEnd();
            return List.of(FINE);
        };

        assertThat(sendTo(Receiver.status(200))).isEqualTo(Result.without(Outcome.TIMED_OUT));
    }

    @Test
    void callsNothingWhenOneOfTheAddressesIsNotPublic() throws Exception {
        try (Receiver receiver = Receiver.on("127.0.0.1", Receiver.status(200))) {
            for (List<InetAddress> addresses : List.of(List.of(PRIVATE), List.of(FINE, PRIVATE),
                    List.of(PRIVATE, FINE))) {
                resolver = _ -> addresses;

                assertThat(send(delivery(receiver.port(), "/"))).isEqualTo(Result.without(Outcome.BLOCKED));
            }
            assertThat(receiver.received()).isEmpty();
        }
    }

    @Test
    void callsTheAddressThatItCheckedHoweverTheNameIsAnsweredLater() throws Exception {
        AtomicInteger lookUps = new AtomicInteger();
        resolver = _ -> List.of(lookUps.getAndIncrement() == 0 ? FINE : PRIVATE);
        try (Receiver receiver = Receiver.on("127.0.0.1", Receiver.status(200))) {
            DueDelivery delivery = delivery(receiver.port(), "/");

            Result first = send(delivery);
            Result second = send(delivery);

            assertThat(first.outcome()).isEqualTo(Outcome.DELIVERED);
            assertThat(second.outcome()).isEqualTo(Outcome.BLOCKED);
            assertThat(lookUps).as("one look-up for each attempt").hasValue(2);
            assertThat(receiver.received()).hasSize(1);
        }
    }

    @Test
    void callsNoLoopbackInProduction() throws Exception {
        try (Receiver receiver = Receiver.on("127.0.0.1", Receiver.status(200))) {
            SetClock clock = new SetClock(NOW);
            WebhookSender production = new WebhookSender(VERTX, new SystemResolver(), new CallbackRules(config),
                    new WebhookSignature(config), clock, config, "1.2.3");

            Result result = production.send(delivery("http://localhost:" + receiver.port() + "/", 1));

            assertThat(result).isEqualTo(Result.without(Outcome.BLOCKED));
            assertThat(receiver.received()).isEmpty();
            production.close();
        }
    }

    @Test
    void callsNoHostThatIsNoLongerAllowed() throws Exception {
        assertThat(send(delivery("http://hooks.example.com/", 1))).isEqualTo(Result.without(Outcome.BLOCKED));
    }

    @Test
    void triesAnotherAddressTheNextTime() throws Exception {
        resolver = _ -> List.of(FINE, InetAddress.ofLiteral("127.0.0.3"));
        try (Receiver receiver = Receiver.on("127.0.0.3", Receiver.status(200))) {
            String url = "http://hooks.example.test:" + receiver.port() + "/";

            assertThat(send(delivery(url, 1)).outcome()).isEqualTo(Outcome.FAILED);
            assertThat(send(delivery(url, 2)).outcome()).isEqualTo(Outcome.DELIVERED);
            assertThat(send(delivery(url, 3)).outcome()).isEqualTo(Outcome.FAILED);
        }
    }

    @Test
    void logsNeitherTheSecretNorTheUrlNorTheBody() throws Exception {
        try (LogLines log = LogLines.of("dev.tally.platform.webhook")) {
            failsWhenTheHostHasNoAddress();
            callsNothingWhenOneOfTheAddressesIsNotPublic();
            resolver = _ -> List.of(FINE);
            failsWhenWhatComesIsNoHttp();
            send(delivery("http://hooks.example.com/t0ken", 1));

            assertThat(log.lines()).hasSizeGreaterThanOrEqualTo(5)
                    .noneMatch(line -> line.contains(WebhookConfigForTests.SECRET) || line.contains("t0ken")
                            || line.contains(new String(BODY, UTF_8)) || line.contains("http://"));
        }
    }

    @Test
    void tellsNobodyTheUrlOrTheBodyOrTheSecret() {
        assertThat(delivery("http://hooks.example.test/secret-path", 1).toString())
                .matches("DueDelivery\\[id=[0-9a-f-]{36}, attempt=1]");
        assertThat(new WebhookSignature(config).toString()).doesNotContain(WebhookConfigForTests.SECRET);
    }

    private Result sendTo(HttpHandler answer) throws InterruptedException {
        try (Receiver receiver = Receiver.on("127.0.0.1", answer)) {
            Result result = send(delivery(receiver.port(), "/"));
            testEnds.countDown();
            return result;
        }
    }

    private Result send(DueDelivery delivery) throws InterruptedException {
        WebhookSender sender = new WebhookSender(VERTX, new HttpClientOptions(), resolver,
                address -> !address.equals(PRIVATE), new CallbackRules(config), new WebhookSignature(config),
                new SetClock(NOW), config, "1.2.3");
        try {
            return sender.send(delivery);
        } finally {
            sender.close();
        }
    }

    private static DueDelivery delivery(int port, String pathAndQuery) {
        return delivery("http://hooks.example.test:" + port + pathAndQuery, 1);
    }

    private static DueDelivery delivery(String url, int attempt) {
        URI callback = URI.create(url);
        return new DueDelivery(UUID.randomUUID(), callback, callback.getHost(), BODY, attempt, NOW);
    }

    private void waitForTheEnd() {
        try {
            testEnds.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static String hmac(String text) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(WebhookConfigForTests.SECRET.getBytes(UTF_8), "RAW"));
        return HexFormat.of().formatHex(mac.doFinal(text.getBytes(UTF_8)));
    }
}
