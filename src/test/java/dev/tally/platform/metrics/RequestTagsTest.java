package dev.tally.platform.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;

import org.junit.jupiter.api.Test;

import dev.tally.testsupport.RawHttp;
import dev.tally.testsupport.UsersForTests;
import io.quarkus.test.junit.QuarkusTest;

/** Nobody can make the figures of requests grow, nor get into them what is nobody's business. */
@QuarkusTest
class RequestTagsTest {
    private static final String WRONG = "Authorization: Basic bm9ib2R5Om5vYm9keQ==\r\n";

    @Test
    void countMethodsThatNobodyKnowsTogether() throws IOException {
        for (String method : new String[]{"SENTINELA", "SENTINELB"}) {
            String answer = RawHttp.exchange(method + " /nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
            assertThat(answer).startsWith("HTTP/1.1 401");
        }

        await().untilAsserted(() -> assertThat(metrics()).contains("method=\"OTHER\""));
        assertThat(metrics()).doesNotContain("SENTINEL");
    }

    @Test
    void saysNotWhichPathARequestHadThatWasBrokenOff() {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            // A password that is wrong takes a while to be checked.
            try (Socket gone = RawHttp.send("GET /sentinel352621000099 HTTP/1.1\r\nHost: x\r\n" + WRONG + "\r\n")) {
                gone.setSoLinger(true, 0);
            }
            assertThat(metrics()).contains("status=\"RESET\"");
        });
        assertThat(metrics()).doesNotContain("sentinel");
    }

    private static String metrics() {
        return UsersForTests.as("viewer").get("/q/metrics").asString();
    }
}
