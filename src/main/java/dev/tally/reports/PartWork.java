package dev.tally.reports;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import dev.tally.platform.problem.DatabaseException;

/**
 * Takes a part one step further: asks Gcore for its report, looks whether Gcore was asked, asks how it stands. Whatever
 * happens, the part falls due again until it has ended, and it ends at its deadline at the latest.
 */
@ApplicationScoped
class PartWork {
    private static final Logger LOG = Logger.getLogger(PartWork.class);
    private static final int MAX_STATUS_CHARACTERS = 64;
    private static final int MAX_STRANGE_STATUSES = 100;

    private final GcoreGateway gcore;
    private final PartQueries parts;
    private final JobChangeService changes;
    private final JobEnd jobEnd;
    private final PartDownload download;
    private final StartedReports started;
    private final ReportsConfig config;
    private final Clock clock;
    private final Set<String> strangeStatuses = ConcurrentHashMap.newKeySet();

    PartWork(GcoreGateway gcore, PartQueries parts, JobChangeService changes, JobEnd jobEnd, PartDownload download,
            StartedReports started, ReportsConfig config, Clock clock) {
        this.gcore = gcore;
        this.parts = parts;
        this.changes = changes;
        this.jobEnd = jobEnd;
        this.download = download;
        this.started = started;
        this.config = config;
        this.clock = clock;
    }

    /**
     * Takes one step.
     *
     * @return how it goes on when it only has to be done again later; to be kept together with that of others. All else is
     *         kept already
     */
    Optional<JobChangeService.PolledPart> step(ClaimedPart part) throws InterruptedException {
        if (part.jobEnded()) {
            return started.remove(part);
        }
        if (part.status().ended()) {
            jobEnd.end(part.jobId());
            return Optional.empty();
        }
        if (part.gcoreUuid().isPresent()) {
            return poll(part, part.gcoreUuid().get());
        }
        return part.startingSince().isPresent() ? lookWhetherStarted(part, part.startingSince().get()) : start(part);
    }

    /** A step failed for a reason of this service's own: it is tried again a few times. */
    void failed(ClaimedPart part) {
        if (part.tries() + 1 < config.work().maxTries()) {
            boolean unused = parts.postpone(part, clock.instant().plus(Pauses.own(part.tries())), part.tries() + 1);
        } else if (part.jobEnded()) {
            boolean unused = parts.settled(part);
        } else if (part.status().ended()) {
            jobEnd.fail(part.jobId());
        } else {
            end(part, JobStatus.FAILED, null, new ReportPart.Failure(ReportPart.FailureCode.INTERNAL,
                    "This service failed to make the report; its log says why."));
        }
    }

    private Optional<JobChangeService.PolledPart> start(ClaimedPart part) {
        // Past the deadline too: no process may have been there to ask before, and if Gcore takes it now, it goes on.
        SortedSet<Integer> features;
        try {
            features = gcore.features(part.product());
        } catch (GcoreException e) {
            return notStarted(part, e);
        }
        if (features.isEmpty()) {
            end(part, JobStatus.FAILED, null, new ReportPart.Failure(ReportPart.FailureCode.FEATURES_MISSING,
                    "Gcore has no features of the product " + part.product().gcoreName() + "."));
            return Optional.empty();
        }
        if (!parts.intend(part, features, clock.instant())) {
            return Optional.empty();
        }
        try {
            keepStarted(part, gcore.start(part.parameters(features)));
        } catch (GcoreException e) {
            if (!e.mayHaveHappened()) {
                boolean unused = parts.forgetIntent(part, retryAt(e), part.tries() + 1);
                return notStarted(part, e);
            }
            LOG.infof("Gcore did not say whether it makes report %s: %s", part.jobId(), e.getMessage());
            boolean unused = parts.postpone(part, retryAt(e), part.tries());
        }
        return Optional.empty();
    }

    private void keepStarted(ClaimedPart part, GcoreReport report) {
        try {
            boolean unused = changes.started(part, cleaned(report),
                    clock.instant().plusSeconds(config.pollIntervalSeconds()));
        } catch (DatabaseException e) {
            if (!JobChangeService.isTaken(e)) {
                throw e;
            }
            // Another process took it for that of an equal part whose own was lost; one of the two is left for this one.
            boolean unused = parts.postpone(part, clock.instant().plus(Pauses.byChance()), part.tries());
        }
    }

    private Optional<JobChangeService.PolledPart> notStarted(ClaimedPart part, GcoreException fault) {
        return switch (fault.kind()) {
            case UNAVAILABLE -> clock.instant().isBefore(part.deadline())
                    ? again(part, retryAt(fault))
                    : timeOut(part, null, sentence(fault));
            case LOGIN_REFUSED -> fail(part, ReportPart.FailureCode.GCORE_LOGIN_REFUSED, fault);
            case REFUSED, NOT_FOUND -> fail(part, ReportPart.FailureCode.GCORE_FAILED, fault);
        };
    }

    /** Gcore was asked, or was about to be, and it is not known whether it was. */
    private Optional<JobChangeService.PolledPart> lookWhetherStarted(ClaimedPart part, Instant since) {
        Instant now = clock.instant();
        Instant settled = since.plusSeconds(config.work().settleSeconds());
        boolean isLate = !now.isBefore(settled) && !now.isBefore(part.deadline());
        try {
            Optional<GcoreReport> found = started.find(part);
            if (found.isPresent()) {
                LOG.infof("Gcore makes report %s already", part.jobId());
                keepStarted(part, found.get());
                return Optional.empty();
            }
        } catch (GcoreException e) {
            return isLate ? timeOut(part, null, sentence(e)) : again(part, retryAt(e));
        }
        if (isLate) {
            return timeOut(part, null, "Gcore did not take it.");
        }
        if (now.isBefore(settled)) {
            Instant soon = now.plus(Pauses.byChance());
            return later(part, soon.isBefore(settled) ? soon : settled);
        }
        boolean unused = parts.forgetIntent(part, now, part.tries());
        return Optional.empty();
    }

    private Optional<JobChangeService.PolledPart> poll(ClaimedPart part, UUID uuid) throws InterruptedException {
        Instant asked = clock.instant();
        GcoreReport report;
        try {
            report = cleaned(gcore.status(uuid));
        } catch (GcoreException e) {
            return notPolled(part, asked, e);
        }
        JobStatus status = part.status().onGcore(report.status());
        switch (status) {
            case COMPLETED -> {
                return download.fetch(part, uuid);
            }
            case FAILED -> end(part, status, report.status(), new ReportPart.Failure(
                    ReportPart.FailureCode.GCORE_FAILED, report.errors().isEmpty()
                            ? "Gcore failed to make the report and gives no reason."
                            : "Gcore failed to make the report: " + String.join("; ", report.errors())));
            case CANCELLED -> end(part, status, report.status(),
                    new ReportPart.Failure(ReportPart.FailureCode.CANCELLED, "The report was cancelled at Gcore."));
            default -> {
                logStrange(report.status());
                if (!asked.isBefore(part.deadline())) {
                    return timeOut(part, report.status(), "Gcore's last word was " + report.status() + ".");
                }
                return Optional.of(new JobChangeService.PolledPart(part.jobNo(), status != part.status(),
                        new PartQueries.Polled(part.partNo(), part.claim(), status, report.status(), nextPoll(), 0)));
            }
        }
        return Optional.empty();
    }

    private static GcoreReport cleaned(GcoreReport report) {
        return new GcoreReport(report.uuid(), Foreign.clean(report.status(), MAX_STATUS_CHARACTERS),
                report.createdAt(), report.parameters(), report.recordsToProcess(), report.errors());
    }

    private void logStrange(String gcoreStatus) {
        if (!JobStatus.isKnownAtGcore(gcoreStatus) && strangeStatuses.size() < MAX_STRANGE_STATUSES
                && strangeStatuses.add(gcoreStatus)) {
            LOG.warnf("Gcore says of a report that it is \"%s\", which is not known here; it is taken for under way",
                    gcoreStatus);
        }
    }

    private Optional<JobChangeService.PolledPart> notPolled(ClaimedPart part, Instant asked, GcoreException fault) {
        boolean isLost = fault.kind() == GcoreException.Kind.NOT_FOUND && part.tries() + 1 >= config.work().maxTries();
        if (isLost || fault.kind() == GcoreException.Kind.REFUSED) {
            return fail(part, ReportPart.FailureCode.GCORE_FAILED, fault);
        }
        if (!asked.isBefore(part.deadline())) {
            return timeOut(part, null, sentence(fault));
        }
        Instant allowed = clock.instant().plus(fault.retryAfter().orElse(Duration.ZERO));
        Instant nextPoll = nextPoll();
        return again(part, allowed.isAfter(nextPoll) ? allowed : nextPoll);
    }

    /** From the answer on: the request may have waited for its turn, so that the time before it says too little. */
    private Instant nextPoll() {
        return clock.instant().plusSeconds(config.pollIntervalSeconds());
    }

    /** The same step later, though nothing failed. */
    static Optional<JobChangeService.PolledPart> later(ClaimedPart part, Instant dueAt) {
        return Optional.of(new JobChangeService.PolledPart(part.jobNo(), false, new PartQueries.Polled(part.partNo(),
                part.claim(), part.status(), null, dueAt, part.tries())));
    }

    /** The same step once more, after it failed. */
    static Optional<JobChangeService.PolledPart> again(ClaimedPart part, Instant dueAt) {
        return Optional.of(new JobChangeService.PolledPart(part.jobNo(), false, new PartQueries.Polled(part.partNo(),
                part.claim(), part.status(), null, dueAt, part.tries() + 1)));
    }

    private Optional<JobChangeService.PolledPart> timeOut(ClaimedPart part, @Nullable String gcoreStatus,
            String lastWord) {
        end(part, JobStatus.TIMED_OUT, gcoreStatus, new ReportPart.Failure(ReportPart.FailureCode.TIMED_OUT,
                "The report was not completed within " + config.pollTimeoutSeconds() + " seconds. " + lastWord));
        return Optional.empty();
    }

    private Optional<JobChangeService.PolledPart> fail(ClaimedPart part, ReportPart.FailureCode code,
            GcoreException fault) {
        end(part, JobStatus.FAILED, null, new ReportPart.Failure(code, sentence(fault)));
        return Optional.empty();
    }

    private void end(ClaimedPart part, JobStatus status, @Nullable String gcoreStatus, ReportPart.Failure failure) {
        if (changes.endPart(part, status, gcoreStatus, failure)) {
            jobEnd.end(part.jobId());
        }
    }

    private Instant retryAt(GcoreException fault) {
        return clock.instant().plus(fault.retryAfter().orElseGet(Pauses::byChance));
    }

    static String sentence(GcoreException fault) {
        return String.valueOf(fault.getMessage());
    }
}
