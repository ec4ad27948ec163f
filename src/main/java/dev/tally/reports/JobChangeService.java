package dev.tally.reports;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

import org.jspecify.annotations.Nullable;

import dev.tally.platform.idempotency.IdempotencyService;
import dev.tally.platform.problem.DatabaseException;
import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.narayana.jta.runtime.TransactionConfiguration;

/**
 * Every change of a job, each as a whole or not at all. A job and its parts change under the lock of the job, so that of two
 * parts that end at once one is the last.
 */
@ApplicationScoped
class JobChangeService {
    private static final int MAX_ATTEMPTS = 5;
    private static final int MAX_STORE_SECONDS = 300;

    private final JobChangeQueries changes;
    private final JobQueries jobs;
    private final PartQueries parts;
    private final ResultQueries results;
    private final EndNotices notices;
    private final IdempotencyService idempotency;
    private final ReportMetrics metrics;
    private final ReportsConfig config;
    private final Clock clock;

    JobChangeService(JobChangeQueries changes, JobQueries jobs, PartQueries parts, ResultQueries results,
            EndNotices notices, IdempotencyService idempotency, ReportMetrics metrics, ReportsConfig config,
            Clock clock) {
        this.changes = changes;
        this.jobs = jobs;
        this.parts = parts;
        this.results = results;
        this.notices = notices;
        this.idempotency = idempotency;
        this.metrics = metrics;
        this.config = config;
        this.clock = clock;
    }

    /** A part that Gcore was asked about, and its job. */
    record PolledPart(long jobNo, boolean changed, PartQueries.Polled polled) {}

    /**
     * Begins a job, or joins an open one of an equal order.
     *
     * @param callbackUrl whom to tell of its end
     * @param ticket of the request's idempotency key
     * @param hasRoom whether another job may be begun
     * @return the job's id
     * @throws ProblemException when there is nothing to join and no room, or too many want to be told
     */
    @Transactional
    UUID startOrJoin(ReportOrder order, String caller, @Nullable String callbackUrl,
            IdempotencyService.@Nullable Ticket ticket, boolean hasRoom) {
        Instant now = clock.instant();
        UUID id = find(order, caller, callbackUrl, now, hasRoom);
        if (ticket != null) {
            idempotency.bind(ticket, id.toString());
        }
        return id;
    }

    private UUID find(ReportOrder order, String caller, @Nullable String callbackUrl, Instant now, boolean hasRoom) {
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            UUID id = UUID.randomUUID();
            Optional<Long> begun = hasRoom
                    ? changes.insert(id, order, now, now.plusSeconds(config.pollTimeoutSeconds()))
                    : Optional.empty();
            if (begun.isPresent()) {
                changes.addRequest(begun.get(), caller, callbackUrl, now);
                metrics.begun();
                return id;
            }
            Optional<JobChangeQueries.OpenJob> open = changes.lockOpen(order);
            if (open.isPresent()) {
                join(open.get().jobNo(), caller, callbackUrl, now);
                return open.get().id();
            }
            if (!hasRoom) {
                throw new ProblemException(ProblemCode.TOO_MANY_REPORTS, "As many reports as this service follows at a"
                        + " time, " + config.maxOpenJobs() + ", are open. Ask again later.");
            }
            // It has ended between the two statements.
        }
        throw new IllegalStateException("Equal jobs end faster than they can be joined");
    }

    private void join(long jobNo, String caller, @Nullable String callbackUrl, Instant now) {
        if (callbackUrl != null && changes.countOtherCallbacks(jobNo, callbackUrl) >= config.maxCallbacks()) {
            throw new ProblemException(ProblemCode.CALLBACK_URL_INVALID, "This report runs already, and the "
                    + config.maxCallbacks() + " that may be told of its end are. Ask for it without callback_url.");
        }
        changes.addRequest(jobNo, caller, callbackUrl, now);
    }

    /**
     * Keeps that Gcore makes a report for a part.
     *
     * @return false when the part is not this process's any more, or Gcore makes it for another part
     */
    @Transactional
    boolean started(ClaimedPart part, GcoreReport report, Instant dueAt) {
        changes.lock(Set.of(part.jobNo()));
        Instant now = clock.instant();
        JobStatus status = part.status().onGcore(report.status());
        // If it has ended already, as one that is found after a while may have, asking for it says the rest.
        boolean held = parts.started(part, report, status.ended() ? JobStatus.IN_PROGRESS : status,
                status.ended() ? now : dueAt, now.plusSeconds(config.pollTimeoutSeconds()), now);
        move(Set.of(part.jobNo()));
        return held;
    }

    /** Keeps what Gcore said of many parts that it has not completed. */
    @Transactional
    void polled(Collection<PolledPart> polled) {
        Set<Long> changed = polled.stream().filter(PolledPart::changed).map(PolledPart::jobNo)
                .collect(Collectors.toSet());
        if (!changed.isEmpty()) {
            changes.lock(changed);
        }
        parts.polled(polled.stream().map(PolledPart::polled).toList(), clock.instant());
        if (!changed.isEmpty()) {
            move(changed);
        }
    }

    private void move(Set<Long> jobNos) {
        Map<Long, JobStatus> statuses = new HashMap<>();
        jobs.parts(jobNos).forEach((jobNo, ofJob) -> {
            JobStatus status = JobStatus.ofJob(ofJob.stream().map(ReportPart::status).toList());
            // A job whose parts have all ended ends with its result.
            statuses.put(jobNo, status.ended() ? JobStatus.IN_PROGRESS : status);
        });
        changes.move(statuses, clock.instant());
    }

    /**
     * Ends a part with rows.
     *
     * @param file the rows, unless they are in S3 already
     * @return whether it was the last part, so that the job is to be ended too
     */
    @Transactional
    @TransactionConfiguration(timeout = MAX_STORE_SECONDS)
    boolean completePart(ClaimedPart part, ReportPart.StoredRows stored, Path file) {
        if (stored.objectKey().isEmpty()) {
            // Before the lock, because it takes a while.
            results.add(part.partNo(), file);
        }
        changes.lock(Set.of(part.jobNo()));
        if (!parts.complete(part, stored, clock.instant())) {
            QuarkusTransaction.setRollbackOnly();
            return false;
        }
        return afterEnd(part);
    }

    /**
     * Ends a part without rows.
     *
     * @return whether it was the last part, so that the job is to be ended too
     */
    @Transactional
    boolean endPart(ClaimedPart part, JobStatus status, @Nullable String gcoreStatus, ReportPart.Failure failure) {
        changes.lock(Set.of(part.jobNo()));
        return parts.end(part, status, gcoreStatus, failure, clock.instant()) && afterEnd(part);
    }

    private boolean afterEnd(ClaimedPart part) {
        List<ReportPart> ofJob = jobs.parts(Set.of(part.jobNo())).getOrDefault(part.jobNo(), List.of());
        if (ofJob.stream().allMatch(each -> each.status().ended())) {
            // Still due, so that the job is ended by another process if this one dies now.
            return true;
        }
        parts.settled(part);
        move(Set.of(part.jobNo()));
        return false;
    }

    /**
     * Ends a job whose parts have ended, and tells who wants to know.
     *
     * @return the job as it ended; empty when it had ended before
     */
    @Transactional
    Optional<ReportJob> endJob(ReportJob job, JobStatus status, Optional<ReportJob.Result> result,
            Optional<ReportPart.Failure> failure) {
        changes.lock(Set.of(job.jobNo()));
        Instant now = clock.instant();
        if (!changes.end(job.jobNo(), status, result, failure, now, expiresAt(now))) {
            return Optional.empty();
        }
        changes.settleParts(job.jobNo());
        return Optional.of(tell(job.id()));
    }

    /**
     * Cancels a job, unless it has ended.
     *
     * @return whether it was open
     */
    @Transactional
    boolean cancel(ReportJob job) {
        changes.lock(Set.of(job.jobNo()));
        Instant now = clock.instant();
        ReportPart.Failure failure = new ReportPart.Failure(ReportPart.FailureCode.CANCELLED,
                "The report was cancelled on request.");
        if (!changes.end(job.jobNo(), JobStatus.CANCELLED, Optional.empty(), Optional.of(failure), now,
                expiresAt(now))) {
            return false;
        }
        changes.settleParts(job.jobNo());
        changes.cancelParts(job.jobNo(), failure.sentence(), now);
        tell(job.id());
        return true;
    }

    private Instant expiresAt(Instant now) {
        return now.plus(Duration.ofHours(config.results().retentionHours()));
    }

    private ReportJob tell(UUID id) {
        ReportJob ended = jobs.find(id).orElseThrow();
        changes.callbacks(ended.jobNo()).forEach(url -> notices.tell(url, ended));
        return ended;
    }

    /** Whether a report of Gcore's was found to belong to another part. */
    static boolean isTaken(DatabaseException fault) {
        return fault.hasState(PartQueries.TAKEN);
    }
}
