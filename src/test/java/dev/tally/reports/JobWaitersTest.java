package dev.tally.reports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.FutureTask;

import jakarta.inject.Inject;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.tally.testsupport.VirtualThreads;
import io.quarkus.test.junit.QuarkusTest;

/** Clients that wait for what another process ends: this one learns of it from the database alone. */
@QuarkusTest
@Timeout(180)
class JobWaitersTest {
    private static final String LOOKING = "report-waiters";
    private static final Duration LONG = Duration.ofMinutes(2);
    /** Whoever waited in tests before may do so for a while. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Inject
    JobWaiters waiters;

    @Test
    void hearOfWhatAnotherProcessEnds() throws Exception {
        awaitAnEndElsewhere();
        awaitNobodyLooking();
        // Once more: the first looking is over.
        awaitAnEndElsewhere();
    }

    @Test
    void costTheDatabaseNothingOnceNobodyWaits() throws InterruptedException {
        UUID job = ReportsDatabase.openElsewhere();

        boolean waited = waiters.await(job, Duration.ofMillis(1));

        assertThat(waited).isTrue();
        awaitNobodyLooking();
        ReportsDatabase.endElsewhere(job);
    }

    private void awaitAnEndElsewhere() throws Exception {
        UUID job = ReportsDatabase.openElsewhere();
        FutureTask<Boolean> client = new FutureTask<>(() -> waiters.await(job, LONG));
        Thread.ofVirtual().start(client);
        await().atMost(PATIENCE).until(() -> VirtualThreads.named(LOOKING) == 1);

        ReportsDatabase.endElsewhere(job);

        await().atMost(PATIENCE).until(client::isDone);
        assertThat(client.get()).isTrue();
    }

    private static void awaitNobodyLooking() {
        await().atMost(PATIENCE).until(() -> VirtualThreads.named(LOOKING) == 0);
    }
}
