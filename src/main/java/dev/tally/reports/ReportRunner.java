package dev.tally.reports;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import org.jboss.logging.Logger;

import dev.tally.platform.problem.DatabaseException;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduled;

/**
 * Works on the parts that are due: claims many with one statement, takes each a step further on a virtual thread, and keeps
 * what Gcore said of many with one statement. It runs while there are open parts; every process has one.
 */
@ApplicationScoped
class ReportRunner {
    private static final Logger LOG = Logger.getLogger(ReportRunner.class);
    private static final Duration MAX_IDLE = Duration.ofSeconds(5);
    private static final int RENEWALS_PER_LEASE = 3;
    private static final int SHUTDOWN_SECONDS = 5;

    private final PartQueries parts;
    private final PartWork work;
    private final JobChangeService changes;
    private final ReportsConfig.Work bounds;
    private final Clock clock;
    private final Map<Long, PartQueries.Held> held = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<JobChangeService.PolledPart> polled = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean running = new AtomicBoolean();
    /** One permit: there may be something to do. */
    private final Semaphore bell = new Semaphore(0);
    private volatile boolean stopping;
    private volatile boolean unavailable;

    ReportRunner(PartQueries parts, PartWork work, JobChangeService changes, ReportsConfig config, Clock clock) {
        this.parts = parts;
        this.work = work;
        this.changes = changes;
        this.bounds = config.work();
        this.clock = clock;
    }

    /** There is something to do. */
    void wake() {
        bell.release();
        if (!stopping && running.compareAndSet(false, true)) {
            Thread.ofVirtual().name("report-runner").start(this::run);
        }
    }

    /** For what other processes have left or begun. */
    @Scheduled(every = "5s", delayed = "3s", identity = "report-runner",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void look() {
        if (running.get()) {
            return;
        }
        try {
            if (parts.nextDue().isPresent()) {
                wake();
            }
            unavailable = false;
        } catch (DatabaseException e) {
            if (!unavailable) {
                LOG.warn("It cannot be seen whether there are reports to work on; this is said once", e);
            }
            unavailable = true;
        }
    }

    private void run() {
        try {
            Instant renewAt = clock.instant().plus(lease().dividedBy(RENEWALS_PER_LEASE));
            boolean open = true;
            while (open && !stopping) {
                Instant now = clock.instant();
                keepPolled();
                if (!now.isBefore(renewAt)) {
                    renew(leaseEnd(now));
                    renewAt = now.plus(lease().dividedBy(RENEWALS_PER_LEASE));
                }
                open = claim(now);
            }
        } catch (DatabaseException e) {
            LOG.warn("The work on reports pauses, because the database does not answer", e);
            // Not at once again, but when it is looked next.
            bell.drainPermits();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            running.set(false);
        }
        if (bell.availablePermits() > 0) {
            // It rang after the last look.
            wake();
        }
    }

    /**
     * Begins what is due, and waits a little.
     *
     * @return whether any part is open
     */
    private boolean claim(Instant now) throws InterruptedException {
        bell.drainPermits();
        int room = bounds.maxParts() - held.size();
        Instant leaseEnd = leaseEnd(now);
        List<ClaimedPart> claimed = room > 0 ? parts.claim(now, leaseEnd, room) : List.of();
        claimed.forEach(part -> begin(part, leaseEnd));
        if (!held.isEmpty() || !polled.isEmpty()) {
            // Not for the bell: many clients at once would make as many queries.
            Thread.sleep(bounds.tickMillis());
            return true;
        }
        Optional<Instant> next = parts.nextDue();
        if (next.isPresent()) {
            long millis = Math.clamp(Duration.between(now, next.get()).toMillis(), bounds.tickMillis(),
                    MAX_IDLE.toMillis());
            boolean unused = bell.tryAcquire(millis, TimeUnit.MILLISECONDS);
        }
        return next.isPresent() || bell.availablePermits() > 0;
    }

    @SuppressWarnings("IllegalCatch") // Whatever happens to one part, the others go on, and it falls due again.
    private void begin(ClaimedPart part, Instant leaseEnd) {
        held.put(part.partNo(), new PartQueries.Held(part.partNo(), part.claim(), leaseEnd));
        Thread.ofVirtual().name("report-part").start(() -> {
            try {
                work.step(part).ifPresent(polled::add);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                LOG.errorf(e, "A step of report %s (%s) failed; it is tried again", part.jobId(), part.product().text());
            } finally {
                held.remove(part.partNo());
            }
        });
    }

    private void keepPolled() {
        List<JobChangeService.PolledPart> batch = new ArrayList<>();
        for (JobChangeService.PolledPart each = polled.poll(); each != null; each = polled.poll()) {
            batch.add(each);
        }
        if (!batch.isEmpty()) {
            changes.polled(batch);
        }
    }

    private void renew(Instant leaseEnd) {
        if (!held.isEmpty()) {
            parts.renew(List.copyOf(held.values()), leaseEnd);
            held.replaceAll((_, part) -> new PartQueries.Held(part.partNo(), part.claim(), leaseEnd));
        }
    }

    /** To the microsecond, as PostgreSQL keeps it. */
    private Instant leaseEnd(Instant now) {
        return now.plus(lease()).truncatedTo(ChronoUnit.MICROS);
    }

    private Duration lease() {
        return Duration.ofSeconds(bounds.leaseSeconds());
    }

    /** Gives back what it holds, so that others need not wait for the end of its lease. */
    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        stopping = true;
        bell.release();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SHUTDOWN_SECONDS);
        while ((!held.isEmpty() || running.get()) && System.nanoTime() < deadline) {
            Thread.sleep(bounds.tickMillis());
        }
        try {
            keepPolled();
            renew(clock.instant().truncatedTo(ChronoUnit.MICROS));
        } catch (DatabaseException e) {
            LOG.warn("Parts of reports could not be given back; others take them when their leases have ended", e);
        }
    }
}
