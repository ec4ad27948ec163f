package dev.tally.reports;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import org.jboss.logging.Logger;

import dev.tally.platform.ending.ProcessDraining;
import dev.tally.platform.problem.DatabaseException;

/**
 * Clients that wait for the end of a job. When this process ends it they hear at once; what other processes end is asked for
 * once a second, for all of them together.
 */
@ApplicationScoped
class JobWaiters {
    private static final Logger LOG = Logger.getLogger(JobWaiters.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    private final JobQueries jobs;
    private final Semaphore room;
    private final Map<UUID, List<CountDownLatch>> waiting = new ConcurrentHashMap<>();
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile boolean stopping;

    JobWaiters(JobQueries jobs, ReportsConfig config) {
        this.jobs = jobs;
        this.room = new Semaphore(config.maxWaitingClients());
    }

    /**
     * Waits for the end of a job, but no longer than that.
     *
     * @return false when it did not, because too many wait, or this process ends
     */
    boolean await(UUID job, Duration max) throws InterruptedException {
        if (max.isZero()) {
            return true;
        }
        if (stopping || !room.tryAcquire()) {
            return false;
        }
        CountDownLatch latch = new CountDownLatch(1);
        try {
            waiting.compute(job, (_, latches) -> {
                List<CountDownLatch> known = latches == null ? new CopyOnWriteArrayList<>() : latches;
                known.add(latch);
                return known;
            });
            // Only now: it may have ended before this client was known to wait.
            if (!stopping && jobs.ended(List.of(job)).isEmpty()) {
                look();
                boolean unused = latch.await(max.toMillis(), TimeUnit.MILLISECONDS);
            }
            return !stopping;
        } finally {
            waiting.computeIfPresent(job, (_, latches) -> {
                latches.remove(latch);
                return latches.isEmpty() ? null : latches;
            });
            room.release();
        }
    }

    /** The job goes on elsewhere, and its client asks there. */
    void letGo(@Observes ProcessDraining event) {
        stopping = true;
        waiting.keySet().forEach(this::ended);
    }

    /** A job has ended. */
    void ended(UUID job) {
        waiting.getOrDefault(job, List.of()).forEach(CountDownLatch::countDown);
    }

    private void look() {
        if (looking.compareAndSet(false, true)) {
            Thread.ofVirtual().name("report-waiters").start(this::lookWhileAnyWaits);
        }
    }

    private void lookWhileAnyWaits() {
        try {
            while (!waiting.isEmpty()) {
                Thread.sleep(BETWEEN_LOOKS);
                lookOnce();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            looking.set(false);
            // Somebody may have come between the last look and now.
            if (!waiting.isEmpty()) {
                look();
            }
        }
    }

    private void lookOnce() {
        try {
            jobs.ended(List.copyOf(waiting.keySet())).forEach(this::ended);
        } catch (DatabaseException e) {
            LOG.warn("It could not be seen which reports have ended; those who wait for them wait on", e);
        }
    }
}
