package dev.tally.testsupport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.Callable;

/** What has to be so after a time, on a machine that may be too busy to answer in it. */
public final class Within {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(20);

    private Within() {}

    /**
     * Asks again and again until it is so. Whoever asks before the time is over may still hear of what was; who asks
     * later may not, however long the answer takes.
     */
    public static void within(Duration time, Callable<Boolean> question) {
        long beganNanos = System.nanoTime();
        await().atMost(PATIENCE).pollDelay(Duration.ZERO).pollInterval(POLL).until(() -> {
            boolean isOver = System.nanoTime() - beganNanos >= time.toNanos();
            boolean isSo = question.call();
            assertThat(isSo || !isOver).as("so when it was asked after %s", time).isTrue();
            return isSo;
        });
    }
}
