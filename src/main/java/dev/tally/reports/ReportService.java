package dev.tally.reports;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import dev.tally.platform.idempotency.IdempotencyService;
import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;

/** What clients do with reports. */
@ApplicationScoped
class ReportService {
    private static final Duration BETWEEN_RENEWALS = Duration.ofSeconds(10);

    private final JobChangeService changes;
    private final JobQueries jobs;
    private final JobWaiters waiters;
    private final ReportRunner runner;
    private final ReportMetrics metrics;
    private final IdempotencyService idempotency;
    private final GcoreGateway gcore;
    private final ReportsConfig config;
    private final Clock clock;

    ReportService(JobChangeService changes, JobQueries jobs, JobWaiters waiters, ReportRunner runner,
            ReportMetrics metrics, IdempotencyService idempotency, GcoreGateway gcore, ReportsConfig config,
            Clock clock) {
        this.changes = changes;
        this.jobs = jobs;
        this.waiters = waiters;
        this.runner = runner;
        this.metrics = metrics;
        this.idempotency = idempotency;
        this.gcore = gcore;
        this.config = config;
        this.clock = clock;
    }

    /** Begins a job, or joins an equal one that is open. */
    UUID order(ReportOrder order, String caller, @Nullable String callbackUrl,
            IdempotencyService.@Nullable Ticket ticket) {
        if (!gcore.isConfigured()) {
            throw new ProblemException(ProblemCode.REPORTS_NOT_CONFIGURED, "This service has no account at Gcore. Its"
                    + " operator sets GCORE_USERNAME and GCORE_PASSWORD, or GCORE_API_TOKEN.");
        }
        boolean hasRoom = metrics.openJobs() < config.maxOpenJobs();
        UUID id = changes.startOrJoin(order, caller, callbackUrl, ticket, hasRoom);
        runner.wake();
        return id;
    }

    /** Waits for a job's end, but no longer than that; gives how it stands then. */
    ReportJob await(UUID id, Duration max, IdempotencyService.@Nullable Ticket ticket) throws InterruptedException {
        if (ticket == null) {
            boolean unused = waiters.await(id, max);
            return find(id);
        }
        long end = System.nanoTime() + max.toNanos();
        while (true) {
            Duration left = Duration.ofNanos(Math.max(0, end - System.nanoTime()));
            boolean waited = waiters.await(id, left.compareTo(BETWEEN_RENEWALS) < 0 ? left : BETWEEN_RENEWALS);
            ReportJob job = find(id);
            if (!waited || job.status().ended() || left.compareTo(BETWEEN_RENEWALS) <= 0) {
                return job;
            }
            idempotency.renew(ticket);
        }
    }

    /** @throws ProblemException when there is none, or its result is kept no longer */
    ReportJob find(UUID id) {
        ReportJob job = jobs.find(id).orElseThrow(ReportService::notFound);
        if (job.isExpired(clock.instant())) {
            throw new ProblemException(ProblemCode.REPORT_EXPIRED,
                    "The report was kept until " + job.expiresAt().orElseThrow() + ". Ask for it again.");
        }
        return job;
    }

    /** As {@link #find}, but only what this caller asked for. */
    ReportJob findOf(String caller, UUID id) {
        if (!jobs.isOf(caller, id)) {
            throw notFound();
        }
        return find(id);
    }

    private static ProblemException notFound() {
        return new ProblemException(ProblemCode.REPORT_NOT_FOUND,
                "There is no report with this uuid. GET /reports lists yours.");
    }

    /** Whether a job that was ordered before is still what an equal order is answered with; not when it failed. */
    boolean mayStillAnswer(UUID id) {
        return jobs.find(id).filter(job -> !job.isExpired(clock.instant()))
                .filter(job -> !job.status().ended() || job.status().hasRows()).isPresent();
    }

    List<ReportJob> list(String caller, JobQueries.Filter filter) {
        return jobs.list(caller, filter);
    }

    /** The number of a job in the order in which they were made, for a page that begins after it. */
    long numberOf(UUID id) {
        return jobs.numberOf(id).orElseThrow(() -> new ProblemException(ProblemCode.PARAMETER_INVALID,
                "Invalid after. Use the link of the page before."));
    }

    /** Cancels a job, here and at Gcore; once more changes nothing. */
    ReportJob cancel(UUID id) {
        ReportJob job = find(id);
        if (changes.cancel(job)) {
            metrics.ended(JobStatus.CANCELLED);
            waiters.ended(id);
            runner.wake();
        }
        ReportJob now = find(id);
        if (now.status() != JobStatus.CANCELLED) {
            throw new ProblemException(ProblemCode.REPORT_ENDED,
                    "The report is " + now.status().text() + " already: there is nothing to cancel.");
        }
        return now;
    }
}
