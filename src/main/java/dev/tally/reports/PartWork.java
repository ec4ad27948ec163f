package dev.tally.reports;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import dev.tally.platform.problem.DatabaseException;

/**
 * Takes a part one step further: asks Gcore for its report, looks whether Gcore was asked, asks how it stands, fetches it,
 * or removes it. Whatever happens, the part falls due again until it has ended.
 */
@ApplicationScoped
class PartWork {
    private static final Logger LOG = Logger.getLogger(PartWork.class);
    /** How far Gcore's clock may be behind ours. */
    private static final Duration MAX_CLOCK_SKEW = Duration.ofMinutes(1);
    private static final int MIN_RETRY_MILLIS = 1_000;
    private static final int MAX_RETRY_MILLIS = 5_000;
    private static final int MAX_STRANGE_STATUSES = 100;

    private final GcoreGateway gcore;
    private final PartQueries parts;
    private final JobChangeService changes;
    private final JobEnd jobEnd;
    private final ReportResults results;
    private final ReportsConfig config;
    private final Clock clock;
    private final GcoreCsv csv;
    private final Semaphore starts;
    private final Semaphore downloads;
    private final Set<String> strangeStatuses = ConcurrentHashMap.newKeySet();

    PartWork(GcoreGateway gcore, PartQueries parts, JobChangeService changes, JobEnd jobEnd, ReportResults results,
            ReportsConfig config, Clock clock) {
        this.gcore = gcore;
        this.parts = parts;
        this.changes = changes;
        this.jobEnd = jobEnd;
        this.results = results;
        this.config = config;
        this.clock = clock;
        this.csv = new GcoreCsv(config.results());
        this.starts = new Semaphore(config.work().maxStarts());
        this.downloads = new Semaphore(config.work().maxDownloads());
    }

    /**
     * Takes one step.
     *
     * @return what Gcore said when there is no more to it; to be kept together with that of others. All else is kept already
     */
    Optional<JobChangeService.PolledPart> step(ClaimedPart part) throws InterruptedException {
        if (part.jobEnded()) {
            removeAtGcore(part);
        } else if (part.status().ended()) {
            jobEnd.end(part.jobId());
        } else if (part.gcoreUuid().isPresent()) {
            return poll(part, part.gcoreUuid().get());
        } else if (part.startingSince().isPresent()) {
            lookWhetherStarted(part, part.startingSince().get());
        } else {
            start(part);
        }
        return Optional.empty();
    }

    private void start(ClaimedPart part) throws InterruptedException {
        // Few at once: after a death of this process each of them has to be looked for.
        starts.acquire();
        try {
            startOne(part);
        } finally {
            starts.release();
        }
    }

    private void startOne(ClaimedPart part) {
        SortedSet<Integer> features;
        try {
            features = gcore.features(part.product());
        } catch (GcoreException e) {
            notStarted(part, e);
            return;
        }
        if (features.isEmpty()) {
            end(part, JobStatus.FAILED, new ReportPart.Failure(ReportPart.FailureCode.FEATURES_MISSING,
                    "Gcore has no features of the product " + part.product().gcoreName() + "."));
            return;
        }
        Instant now = clock.instant();
        if (!parts.intend(part, features, now)) {
            return;
        }
        try {
            started(part, gcore.start(part.parameters(features)));
        } catch (GcoreException e) {
            if (e.mayHaveHappened()) {
                LOG.infof("Gcore did not say whether it makes report %s: %s", part.jobId(), e.getMessage());
                parts.postpone(part, retryAt(e), part.tries());
            } else {
                notStarted(part, e);
            }
        }
    }

    private void started(ClaimedPart part, GcoreReport report) {
        try {
            changes.started(part, report, clock.instant().plusSeconds(config.pollIntervalSeconds()));
        } catch (DatabaseException e) {
            if (!JobChangeService.isTaken(e)) {
                throw e;
            }
            // Another process took it for that of an equal part whose own was lost; one of the two is left for this one.
            parts.postpone(part, retryAt(clock.instant()), part.tries());
        }
    }

    private void notStarted(ClaimedPart part, GcoreException fault) {
        switch (fault.kind()) {
            case UNAVAILABLE -> {
                if (clock.instant().isBefore(part.deadline())) {
                    parts.forgetIntent(part, retryAt(fault), part.tries() + 1);
                } else {
                    timeOut(part, fault.getMessage());
                }
            }
            case LOGIN_REFUSED -> end(part, JobStatus.FAILED,
                    new ReportPart.Failure(ReportPart.FailureCode.GCORE_LOGIN_REFUSED, sentence(fault)));
            case REFUSED, NOT_FOUND -> end(part, JobStatus.FAILED,
                    new ReportPart.Failure(ReportPart.FailureCode.GCORE_FAILED, sentence(fault)));
        }
    }

    /**
     * Gcore was asked, or was about to be, and it is not known whether it was. It lists what it makes with what it was asked
     * for; nothing else starts reports that no part has.
     */
    private void lookWhetherStarted(ClaimedPart part, Instant since) {
        Optional<GcoreReport> found;
        try {
            found = findStarted(part, since);
        } catch (GcoreException e) {
            parts.postpone(part, retryAt(e), part.tries() + 1);
            return;
        }
        Instant settled = since.plusSeconds(config.work().settleSeconds());
        Instant now = clock.instant();
        if (found.isPresent()) {
            LOG.infof("Gcore makes report %s already", part.jobId());
            started(part, found.get());
        } else if (now.isBefore(settled)) {
            Instant soon = retryAt(now);
            parts.postpone(part, soon.isBefore(settled) ? soon : settled, part.tries());
        } else {
            parts.forgetIntent(part, now, part.tries());
        }
    }

    private Optional<GcoreReport> findStarted(ClaimedPart part, Instant since) {
        ReportParameters asked = part.parameters(part.features());
        List<GcoreReport> equal = gcore.startedSince(since.minus(MAX_CLOCK_SKEW)).stream()
                .filter(report -> report.parameters().filter(asked::equals).isPresent()).toList();
        if (equal.isEmpty()) {
            return Optional.empty();
        }
        Set<UUID> known = parts.known(equal.stream().map(GcoreReport::uuid).toList());
        return equal.stream().filter(report -> !known.contains(report.uuid())).findFirst();
    }

    private Optional<JobChangeService.PolledPart> poll(ClaimedPart part, UUID uuid) throws InterruptedException {
        Instant asked = clock.instant();
        GcoreReport report;
        try {
            report = gcore.status(uuid);
        } catch (GcoreException e) {
            notPolled(part, asked, e);
            return Optional.empty();
        }
        JobStatus status = part.status().onGcore(report.status());
        switch (status) {
            case COMPLETED -> fetch(part, uuid);
            case FAILED -> end(part, status, report.status(), new ReportPart.Failure(
                    ReportPart.FailureCode.GCORE_FAILED, report.errors().isEmpty()
                            ? "Gcore failed to make the report and gives no reason."
                            : "Gcore failed to make the report: " + String.join("; ", report.errors())));
            case CANCELLED -> end(part, status, report.status(),
                    new ReportPart.Failure(ReportPart.FailureCode.CANCELLED, "The report was cancelled at Gcore."));
            default -> {
                logStrange(report.status());
                if (!asked.isBefore(part.deadline())) {
                    timeOut(part, "its last word was " + report.status() + ".");
                } else {
                    boolean changed = status != part.status();
                    Instant dueAt = asked.plusSeconds(config.pollIntervalSeconds());
                    return Optional.of(new JobChangeService.PolledPart(part.jobNo(), changed,
                            new PartQueries.Polled(part.partNo(), part.claim(), status, report.status(), dueAt)));
                }
            }
        }
        return Optional.empty();
    }

    private void logStrange(String gcoreStatus) {
        if (!JobStatus.isKnownAtGcore(gcoreStatus) && strangeStatuses.size() < MAX_STRANGE_STATUSES
                && strangeStatuses.add(gcoreStatus)) {
            LOG.warnf("Gcore says of a report that it is \"%s\", which is not known here; it is taken for under way",
                    gcoreStatus);
        }
    }

    private void notPolled(ClaimedPart part, Instant asked, GcoreException fault) {
        boolean lost = fault.kind() == GcoreException.Kind.NOT_FOUND && part.tries() + 1 >= config.work().maxTries();
        if (lost || fault.kind() == GcoreException.Kind.REFUSED) {
            end(part, JobStatus.FAILED, new ReportPart.Failure(ReportPart.FailureCode.GCORE_FAILED, sentence(fault)));
        } else if (asked.isBefore(part.deadline())) {
            Instant dueAt = asked.plusSeconds(config.pollIntervalSeconds());
            Instant allowed = asked.plus(fault.retryAfter().orElse(Duration.ZERO));
            parts.postpone(part, allowed.isAfter(dueAt) ? allowed : dueAt, part.tries() + 1);
        } else {
            timeOut(part, sentence(fault));
        }
    }

    private void timeOut(ClaimedPart part, String lastWord) {
        String said = part.gcoreStatus().map(status -> "Gcore's report was " + status + "; ").orElse("");
        end(part, JobStatus.TIMED_OUT, new ReportPart.Failure(ReportPart.FailureCode.TIMED_OUT, "Gcore had not completed the"
                + " report after " + config.pollTimeoutSeconds() + " seconds; " + said + lastWord));
    }

    private void fetch(ClaimedPart part, UUID uuid) throws InterruptedException {
        downloads.acquire();
        @Nullable
        Path file = null;
        try {
            file = Files.createTempFile("report-", ".csv.gz");
            store(part, download(part, uuid, file), file);
        } catch (GcoreCsv.UnreadableException e) {
            fail(part, ReportPart.FailureCode.RESULT_UNREADABLE, e.getMessage());
        } catch (GcoreException e) {
            notFetched(part, e);
        } catch (UncheckedIOException e) {
            if (!(e.getCause() instanceof PackedRows.TooLargeException)) {
                throw e;
            }
            fail(part, ReportPart.FailureCode.RESULT_TOO_LARGE, "The report has more than " + results.maxBytes()
                    + " bytes when it is compressed, which is more than this service keeps.");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            downloads.release();
            delete(file);
        }
    }

    private ReportPart.StoredRows download(ClaimedPart part, UUID uuid, Path file) throws IOException {
        return gcore.download(uuid, in -> {
            try {
                List<String> header;
                long count;
                try (PackedRows.Writer writer = new PackedRows.Writer(file, results.maxBytes())) {
                    header = csv.read(in, part.gcoreUserId(), writer::add);
                    count = writer.count();
                }
                return new ReportPart.StoredRows(header, count, Files.size(file), Optional.empty());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private void store(ClaimedPart part, ReportPart.StoredRows rows, Path file) {
        Optional<String> objectKey = results.upload(part, file);
        boolean last = changes.completePart(part,
                new ReportPart.StoredRows(rows.header(), rows.count(), rows.packedBytes(), objectKey), file);
        if (last) {
            jobEnd.end(part.jobId());
        }
    }

    private void notFetched(ClaimedPart part, GcoreException fault) {
        boolean again = fault.kind() == GcoreException.Kind.UNAVAILABLE || fault.kind() == GcoreException.Kind.LOGIN_REFUSED;
        if (again && part.tries() + 1 < config.work().maxTries()) {
            Instant dueAt = clock.instant().plusSeconds(config.pollIntervalSeconds());
            Instant retryAt = retryAt(fault);
            parts.postpone(part, retryAt.isAfter(dueAt) ? retryAt : dueAt, part.tries() + 1);
        } else {
            fail(part, ReportPart.FailureCode.GCORE_FAILED, sentence(fault));
        }
    }

    private static void delete(@Nullable Path file) {
        if (file != null) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                LOG.warnf(e, "A temporary file could not be deleted");
            }
        }
    }

    /** Cancelled here: Gcore need not make it any longer. */
    private void removeAtGcore(ClaimedPart part) {
        try {
            Optional<UUID> uuid = part.gcoreUuid();
            if (uuid.isEmpty()) {
                uuid = findStarted(part, part.startingSince().orElseThrow()).map(GcoreReport::uuid);
            }
            Instant settled = part.startingSince().orElseThrow().plusSeconds(config.work().settleSeconds());
            if (uuid.isPresent()) {
                gcore.delete(uuid.get());
                parts.settled(part);
            } else if (clock.instant().isBefore(settled)) {
                parts.postpone(part, settled, part.tries());
            } else {
                parts.settled(part);
            }
        } catch (GcoreException e) {
            if (part.tries() + 1 < config.work().maxTries()) {
                parts.postpone(part, retryAt(e), part.tries() + 1);
            } else {
                LOG.warnf("The cancelled report %s could not be removed at Gcore: %s", part.jobId(), e.getMessage());
                parts.settled(part);
            }
        }
    }

    private void fail(ClaimedPart part, ReportPart.FailureCode code, String sentence) {
        end(part, JobStatus.FAILED, new ReportPart.Failure(code, sentence));
    }

    private void end(ClaimedPart part, JobStatus status, ReportPart.Failure failure) {
        end(part, status, null, failure);
    }

    private void end(ClaimedPart part, JobStatus status, @Nullable String gcoreStatus, ReportPart.Failure failure) {
        if (changes.endPart(part, status, gcoreStatus, failure)) {
            jobEnd.end(part.jobId());
        }
    }

    private Instant retryAt(GcoreException fault) {
        Instant now = clock.instant();
        return fault.retryAfter().map(now::plus).orElseGet(() -> retryAt(now));
    }

    private static Instant retryAt(Instant now) {
        return now.plusMillis(ThreadLocalRandom.current().nextInt(MIN_RETRY_MILLIS, MAX_RETRY_MILLIS));
    }

    private static String sentence(GcoreException fault) {
        return String.valueOf(fault.getMessage());
    }
}
