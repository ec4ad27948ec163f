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
import java.util.concurrent.atomic.AtomicInteger;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import org.jboss.logging.Logger;

import dev.tally.platform.ending.ProcessLeaving;
import dev.tally.platform.problem.DatabaseException;
import dev.tally.platform.tracing.Spans;
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
    /** Beyond the time since the process was told to end. */
    private static final int SHUTDOWN_SECONDS = 3;

    private final PartQueries parts;
    private final PartWork work;
    private final JobChangeService changes;
    private final ReportsConfig.Work bounds;
    private final Clock clock;
    private final Map<Long, PartQueries.Held> held = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<JobChangeService.PolledPart> polled = new ConcurrentLinkedQueue<>();
    private final AtomicInteger startsHeld = new AtomicInteger();
    private final AtomicBoolean running = new AtomicBoolean();
    /** One permit: there may be something to do. */
    private final Semaphore bell = new Semaphore(0);
    /** Of the loop, of which there is one at a time. */
    private volatile Instant renewAt = Instant.MIN;
    /** Others take over: nothing new is begun here. */
    private volatile boolean leaving;
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
        if (!leaving && running.compareAndSet(false, true)) {
            Thread.ofVirtual().name("report-runner").start(this::run);
        }
    }

    /** For what other processes have left or begun. */
    @Scheduled(every = "5s", delayed = "3s", identity = "report-runner", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void look() {
        if (leaving || running.get()) {
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

    @SuppressWarnings("IllegalCatch") // Whatever happens, it is looked again soon.
    private void run() {
        try {
            boolean open = true;
            while (open && !stopping) {
                Instant now = clock.instant();
                renew(now);
                keepPolled();
                open = leaving ? finish() : claim(now);
            }
        } catch (RuntimeException e) {
            // Of the database nearly always; what was asked for meanwhile falls due again at the end of its lease.
            LOG.warn("The work on reports pauses", e);
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
        Instant leaseEnd = leaseEnd(now);
        // Few starts at once: after a death of this process each of them has to be looked for.
        int starts = bounds.maxStarts() - startsHeld.get();
        if (starts > 0) {
            parts.claimStarts(now, leaseEnd, starts).forEach(part -> begin(part, leaseEnd, true));
        }
        int others = bounds.maxParts() - held.size();
        if (others > 0) {
            parts.claimOthers(now, leaseEnd, others).forEach(part -> begin(part, leaseEnd, false));
        }
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

    /** @return whether any part is still being worked on */
    private boolean finish() throws InterruptedException {
        if (held.isEmpty() && polled.isEmpty()) {
            return false;
        }
        Thread.sleep(bounds.tickMillis());
        return true;
    }

    @SuppressWarnings("IllegalCatch") // Whatever happens to one part, the others go on, and it falls due again.
    private void begin(ClaimedPart part, Instant leaseEnd, boolean isStart) {
        if (isStart) {
            startsHeld.incrementAndGet();
        }
        held.put(part.partNo(), new PartQueries.Held(part.partNo(), part.claim(), leaseEnd));
        Thread.ofVirtual().name("report-part").start(() -> Spans.job("report-step", () -> {
            try {
                work.step(part).ifPresent(polled::add);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                failed(part, e);
            } finally {
                // Not a later claim of it by this process.
                held.computeIfPresent(part.partNo(), (_, now) -> now.claim() == part.claim() ? null : now);
                if (isStart) {
                    startsHeld.decrementAndGet();
                }
            }
        }));
    }

    private void failed(ClaimedPart part, RuntimeException fault) {
        if (fault instanceof DatabaseException database && database.isPassing()) {
            // The loop says so, once for all of them.
            LOG.debugf(fault, "A step of report %s failed", part.jobId());
            return;
        }
        LOG.errorf(fault, "A step of report %s (%s) failed", part.jobId(), part.product().text());
        try {
            work.failed(part);
        } catch (DatabaseException e) {
            LOG.debugf(e, "Nor could it be kept that it failed");
        }
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

    /** Holds for longer what is under way, some time before the lease ends. */
    private void renew(Instant now) {
        if (!now.isBefore(renewAt)) {
            holdUntil(leaseEnd(now));
            renewAt = now.plus(lease().dividedBy(RENEWALS_PER_LEASE));
        }
    }

    private void holdUntil(Instant leaseEnd) {
        List<PartQueries.Held> known = List.copyOf(held.values());
        if (!known.isEmpty()) {
            parts.renew(known, leaseEnd);
            known.forEach(each -> held.replace(each.partNo(), each,
                    new PartQueries.Held(each.partNo(), each.claim(), leaseEnd)));
        }
    }

    /** To the microsecond, as PostgreSQL keeps it. */
    private Instant leaseEnd(Instant now) {
        return now.plus(lease()).truncatedTo(ChronoUnit.MICROS);
    }

    private Duration lease() {
        return Duration.ofSeconds(bounds.leaseSeconds());
    }

    /** From now on what falls due is others' work, at once: they need not wait for the end of this process. */
    void leave(@Observes ProcessLeaving event) {
        leaving = true;
        bell.release();
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
            holdUntil(clock.instant().truncatedTo(ChronoUnit.MICROS));
        } catch (DatabaseException e) {
            LOG.warn("Parts of reports could not be given back; others take them when their leases have ended", e);
        }
    }
}
