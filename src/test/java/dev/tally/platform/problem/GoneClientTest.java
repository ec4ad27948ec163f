package dev.tally.platform.problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;

import jakarta.inject.Inject;

import org.junit.jupiter.api.Test;

import dev.tally.testsupport.LogLines;
import dev.tally.testsupport.RawHttp;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.junit.QuarkusTest;

/** A browser that leaves while a file of the page is sent is no fault of ours: nobody is woken by it. */
@QuarkusTest
class GoneClientTest {
    private static final String LARGE_FILE = "GET /console/echarts.min.js HTTP/1.1\r\nHost: localhost\r\n\r\n";
    private static final int FIRST_BYTES = 15;

    @Inject
    MeterRegistry metrics;

    @Test
    void isNeitherCountedNorAnError() {
        double before = internalErrors();
        try (LogLines log = LogLines.of("dev.tally.problem")) {
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                leaveInTheMiddle();
                return log.lines().stream().anyMatch(line -> line.startsWith("The client is gone: "));
            });

            assertThat(log.lines()).allMatch(line -> line.startsWith("The client is gone: "));
        }
        assertThat(internalErrors()).isEqualTo(before);
    }

    /** Whether the server meets it while it writes is up to the system's buffers. */
    private static void leaveInTheMiddle() throws IOException {
        try (Socket socket = RawHttp.send(LARGE_FILE)) {
            assertThat(socket.getInputStream().readNBytes(FIRST_BYTES)).hasSize(FIRST_BYTES);
            // With a reset, as when a page is left.
            socket.setSoLinger(true, 0);
        }
    }

    private double internalErrors() {
        return metrics.counter("tally.problems", "code", ProblemCode.INTERNAL_ERROR.name()).count();
    }
}
