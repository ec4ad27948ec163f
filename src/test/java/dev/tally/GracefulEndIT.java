package dev.tally;

import static dev.tally.testsupport.Within.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import dev.tally.local.LocalPostgres;
import dev.tally.testsupport.PackagedTally;
import dev.tally.testsupport.ScratchDatabase;
import dev.tally.testsupport.UsersForTests;

/** The packaged application, as it is shipped, is told to end while clients send to it. */
@Timeout(120)
class GracefulEndIT {
    private static final int CLIENTS = 8;
    /** What is configured. */
    private static final Duration DELAY = Duration.ofSeconds(10);
    /** Until when whoever asks has been answered before the process takes no more, also on a busy machine. */
    private static final Duration EARLY = DELAY.dividedBy(2);
    /** In which a busy machine comes to the signal too. */
    private static final Duration SOON = Duration.ofSeconds(3);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SIGTERM_EXIT = 143;
    private static final String USAGE = "/api/usage/352621000001";

    private final Map<String, String> environment;
    private final HttpClient client = newClient();

    GracefulEndIT(@TempDir Path directory) throws IOException {
        Path users = Files.writeString(directory.resolve("users"),
                "viewer = " + UsersForTests.digest("viewer") + ", viewer\n");
        environment = Map.of("TALLY_USERS_FILE", users.toString(), "POSTGRES_URL",
                ScratchDatabase.createEmpty("tally_end_it"), "POSTGRES_USER", LocalPostgres.USER, "POSTGRES_PASSWORD",
                "none", "TALLY_POSTGRES_MIGRATE_AT_START", "true");
    }

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void answersAllThatComesWhileOthersHearThatItEnds() throws Exception {
        Queue<Sent> sent = new ConcurrentLinkedQueue<>();
        try (PackagedTally tally = PackagedTally.startAsShipped(environment)) {
            assertThat(status(tally, "/q/health/ready")).isEqualTo(200);
            List<Thread> clients = IntStream.range(0, CLIENTS)
                    .mapToObj(_ -> Thread.ofVirtual().start(() -> sendUntilRefused(tally, sent))).toList();
            await().atMost(PATIENCE).until(() -> sent.size() > CLIENTS);

            long toldNanos = System.nanoTime();
            tally.terminate();
            within(SOON, () -> status(tally, "/q/health/ready") == 503);
            tally.terminate();

            assertThat(status(tally, "/q/health/live")).isEqualTo(200);
            assertThat(body(tally, "/health")).contains("\"status\":\"ending\"", "\"database\":\"connected\"");
            assertThat(tally.exitCode()).isIn(0, SIGTERM_EXIT);
            assertThat(since(toldNanos)).isBetween(DELAY, DELAY.plusSeconds(10));
            for (Thread each : clients) {
                each.join();
            }
            // Nothing is refused before the end of the delay, whenever it was sent.
            long earlyNanos = toldNanos + EARLY.toNanos();
            long endNanos = toldNanos + DELAY.toNanos();
            assertThat(sent).filteredOn(each -> each.beganNanos() - earlyNanos < 0 || each.cameNanos() - endNanos < 0)
                    .allSatisfy(each -> assertThat(each.came()).isEqualTo("200"));
            assertThat(sent).filteredOn(each -> each.beganNanos() - toldNanos > 0 && each.came().equals("200"))
                    .hasSizeGreaterThan(CLIENTS);
        }
    }

    /** @param came the status, or why there was none */
    private record Sent(long beganNanos, long cameNanos, String came) {}

    private void sendUntilRefused(PackagedTally tally, Queue<Sent> sent) {
        HttpRequest usage = tally.request(USAGE).header("Authorization", UsersForTests.basic("viewer")).build();
        try (HttpClient own = newClient()) {
            String came = "200";
            while (came.equals("200")) {
                long beganNanos = System.nanoTime();
                came = came(own, usage);
                sent.add(new Sent(beganNanos, System.nanoTime(), came));
            }
        }
    }

    private static String came(HttpClient own, HttpRequest request) {
        try {
            return Integer.toString(own.send(request, HttpResponse.BodyHandlers.ofString()).statusCode());
        } catch (IOException e) {
            return e.toString();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return e.toString();
        }
    }

    @Test
    void hasConnectionsClosedThatAreUsed() throws Exception {
        try (PackagedTally tally = PackagedTally.startAsShipped(environment);
                Socket kept = new Socket(InetAddress.getLoopbackAddress(), tally.port())) {
            kept.setSoTimeout(Math.toIntExact(DELAY.toMillis()));
            String before = exchange(kept);

            tally.terminate();
            await().atMost(PATIENCE).until(() -> status(tally, "/q/health/ready") == 503);
            String after = exchange(kept);

            assertThat(before).startsWith("HTTP/1.1 200").doesNotContainIgnoringCase("connection: close");
            assertThat(after).startsWith("HTTP/1.1 200").containsIgnoringCase("connection: close");
            assertThat(kept.getInputStream().read()).isEqualTo(-1);
            assertThat(tally.isAlive()).isTrue();
        }
    }

    /** Sends a request over a connection that is used again, and reads the answer, but not beyond. */
    private static String exchange(Socket kept) throws IOException {
        kept.getOutputStream().write(("GET " + USAGE + " HTTP/1.1\r\nHost: tally\r\nAuthorization: "
                + UsersForTests.basic("viewer") + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        InputStream in = kept.getInputStream();
        StringBuilder answer = new StringBuilder();
        while (!answer.toString().endsWith("\"count\":0}")) {
            int next = in.read();
            assertThat(next).as(answer.toString()).isNotNegative();
            answer.append((char) next);
        }
        return answer.toString();
    }

    private int status(PackagedTally tally, String path) throws IOException, InterruptedException {
        return client.send(tally.request(path).build(), HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    private String body(PackagedTally tally, String path) throws IOException, InterruptedException {
        return client.send(tally.request(path).build(), HttpResponse.BodyHandlers.ofString()).body();
    }

    private static Duration since(long nanos) {
        return Duration.ofNanos(System.nanoTime() - nanos);
    }

    private static HttpClient newClient() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    }
}
