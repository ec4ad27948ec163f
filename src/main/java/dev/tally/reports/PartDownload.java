package dev.tally.reports;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;

/** Fetches the rows of a completed report, keeps those of the client, and ends the part. */
@ApplicationScoped
class PartDownload {
    private static final Logger LOG = Logger.getLogger(PartDownload.class);
    private static final int MAX_QUEUE_SECONDS = 5;

    private final GcoreGateway gcore;
    private final JobChangeService changes;
    private final JobEnd jobEnd;
    private final ReportResults results;
    private final ReportsConfig config;
    private final Clock clock;
    private final GcoreCsv csv;
    private final Semaphore permits;

    PartDownload(GcoreGateway gcore, JobChangeService changes, JobEnd jobEnd, ReportResults results,
            ReportsConfig config, Clock clock) {
        this.gcore = gcore;
        this.changes = changes;
        this.jobEnd = jobEnd;
        this.results = results;
        this.config = config;
        this.clock = clock;
        this.csv = new GcoreCsv(config.results());
        this.permits = new Semaphore(config.work().maxDownloads(), true);
    }

    /** Ends the part, or says when to try again. */
    Optional<JobChangeService.PolledPart> fetch(ClaimedPart part, UUID report) throws InterruptedException {
        Instant nextPoll = clock.instant().plusSeconds(config.pollIntervalSeconds());
        if (!permits.tryAcquire(MAX_QUEUE_SECONDS, TimeUnit.SECONDS)) {
            // Not a failure, and others are to be polled meanwhile.
            return PartWork.later(part, nextPoll);
        }
        boolean isLast;
        try {
            isLast = fetchNow(part, report);
        } catch (GcoreCsv.UnreadableException e) {
            isLast = fail(part, ReportPart.FailureCode.RESULT_UNREADABLE, e.sentence());
        } catch (TooLargeException _) {
            isLast = fail(part, ReportPart.FailureCode.RESULT_TOO_LARGE, "The report has more than "
                    + results.maxBytes() + " bytes when it is compressed, which is more than this service keeps.");
        } catch (GcoreException e) {
            if (isWorthAnotherTry(part, e)) {
                Instant allowed = e.retryAfter().map(clock.instant()::plus).orElse(nextPoll);
                return PartWork.again(part, allowed.isAfter(nextPoll) ? allowed : nextPoll);
            }
            isLast = fail(part, ReportPart.FailureCode.GCORE_FAILED, PartWork.sentence(e));
        } finally {
            permits.release();
        }
        if (isLast) {
            jobEnd.end(part.jobId());
        }
        return Optional.empty();
    }

    private boolean isWorthAnotherTry(ClaimedPart part, GcoreException fault) {
        boolean mayChange = fault.kind() == GcoreException.Kind.UNAVAILABLE
                || fault.kind() == GcoreException.Kind.LOGIN_REFUSED;
        return mayChange && (clock.instant().isBefore(part.deadline()) || part.tries() + 1 < config.work().maxTries());
    }

    private boolean fail(ClaimedPart part, ReportPart.FailureCode code, String sentence) {
        return changes.endPart(part, JobStatus.FAILED, "Completed", new ReportPart.Failure(code, sentence));
    }

    /** Gives whether it was the last part of its job. */
    private boolean fetchNow(ClaimedPart part, UUID report) {
        Path file = temporaryFile();
        try {
            ReportPart.StoredRows rows = gcore.download(report, in -> read(part, in, file));
            Optional<String> objectKey = results.upload(part, file);
            return changes.completePart(part,
                    new ReportPart.StoredRows(rows.header(), rows.count(), rows.packedBytes(), objectKey), file);
        } finally {
            delete(file);
        }
    }

    private static Path temporaryFile() {
        try {
            return Files.createTempFile("report-", ".csv.gz");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ReportPart.StoredRows read(ClaimedPart part, InputStream in, Path file) {
        try {
            List<String> header;
            long count;
            try (PackedRows.Writer writer = new PackedRows.Writer(file, results.maxBytes())) {
                header = csv.read(new TimedInputStream(in, config.work().maxDownloadSeconds()), part.gcoreUserId(),
                        writer::add);
                count = writer.count();
            }
            return new ReportPart.StoredRows(header, count, Files.size(file), Optional.empty());
        } catch (PackedRows.TooLargeException e) {
            throw new TooLargeException(e);
        } catch (TooSlowException e) {
            throw GcoreException.unavailable("Gcore's file took longer than " + config.work().maxDownloadSeconds()
                    + " seconds.", Optional.empty(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("A temporary file could not be deleted", e);
        }
    }

    /** The rows are more than may be kept. */
    private static final class TooLargeException extends RuntimeException {
        private static final long serialVersionUID = 1;

        TooLargeException(Throwable cause) {
            super(cause);
        }
    }

    /** The file comes too slowly. */
    private static final class TooSlowException extends IOException {
        private static final long serialVersionUID = 1;
    }

    /** Breaks off when it takes too long as a whole, however steadily it drips. */
    private static final class TimedInputStream extends FilterInputStream {
        private final long endNanos;

        TimedInputStream(InputStream in, int maxSeconds) {
            super(in);
            this.endNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(maxSeconds);
        }

        @Override
        public int read() throws IOException {
            requireTime();
            return in.read();
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            requireTime();
            return in.read(target, offset, length);
        }

        private void requireTime() throws TooSlowException {
            if (System.nanoTime() - endNanos > 0) {
                throw new TooSlowException();
            }
        }
    }
}
