package dev.tally.calls;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import java.util.zip.ZipException;

import jakarta.enterprise.context.ApplicationScoped;

import dev.tally.platform.problem.DatabaseException;
import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;
import dev.tally.platform.upload.Reject;
import dev.tally.platform.upload.UploadFormat;
import dev.tally.platform.upload.UploadMetrics;
import dev.tally.platform.upload.UploadMetrics.Outcome;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;

/** Loads CDRs: all good rows of an upload in one transaction, or nothing. */
@Startup // So that its metrics are zero before they are one.
@ApplicationScoped
class CdrLoadService {
    /** What becomes of the good rows when others are wrong. */
    enum OnError {
        /** They are loaded. */
        SKIP,
        /** Nothing is. */
        ABORT
    }

    private static final String CONFLICT = "conflicts with an event already loaded";
    private static final String UNIQUE_VIOLATION = "23505";
    private static final String DEADLOCK = "40P01";
    private static final int MAX_ATTEMPTS = 5;
    private static final long SECONDS_A_DAY = 86_400;

    private final CdrLoadQueries queries;
    private final Clock clock;
    private final CallsConfig.Load config;
    private final UploadMetrics metrics;
    private final Semaphore permits;

    CdrLoadService(CdrLoadQueries queries, Clock clock, MeterRegistry registry, CallsConfig config) {
        this.queries = queries;
        this.clock = clock;
        this.metrics = new UploadMetrics(registry).ofUploads("tally.calls.loads", Outcome.LOADED, Outcome.FAILED)
                .ofRows("tally.calls.rows", Outcome.LOADED, Outcome.DUPLICATE, Outcome.REJECTED);
        this.config = config.load();
        this.permits = new Semaphore(config.load().maxConcurrent());
    }

    /**
     * Loads an upload, which is read once and not kept in memory.
     *
     * @throws ProblemException when the upload cannot be read, or holds rejects and those should abort it; then nothing
     *         was stored
     */
    LoadResponse load(InputStream upload, UploadFormat format, OnError onError) {
        if (!permits.tryAcquire()) {
            throw new ProblemException(ProblemCode.TOO_MANY_LOADS, "The service loads " + config.maxConcurrent()
                    + " uploads at a time, and that many are under way. Send this one again later.");
        }
        boolean done = false;
        try (CdrLoadQueries.Load load = queries.open(config.maxStatementSeconds())) {
            TreeSet<LocalDate> months = new TreeSet<>();
            LoadedRows rows = stage(load, upload, format, months);
            if (rows.rejected() > 0 && onError == OnError.ABORT) {
                throw aborted(response(rows, 0, new CdrLoadQueries.Conflicts(0, List.of())));
            }
            load.ensureMonths(months);
            LoadResponse response = add(load, rows, onError);
            count(response);
            done = true;
            return response;
        } finally {
            permits.release();
            if (!done) {
                metrics.ended(Outcome.FAILED);
            }
        }
    }

    private void count(LoadResponse response) {
        metrics.ended(Outcome.LOADED);
        metrics.rows(Outcome.LOADED, response.loaded());
        metrics.rows(Outcome.DUPLICATE, response.duplicates());
        metrics.rows(Outcome.REJECTED, response.rejected());
    }

    private LoadedRows stage(CdrLoadQueries.Load load, InputStream upload, UploadFormat format,
            Collection<LocalDate> months) {
        List<LoadedRows> staged = new ArrayList<>();
        try {
            load.stage(copy -> staged.add(encode(upload, format, copy, months)));
            return staged.getFirst();
        } catch (ZipException | EOFException e) {
            throw new ProblemException(ProblemCode.UPLOAD_INVALID,
                    "The upload is not gzip, or it breaks off. Nothing was loaded.", e);
        } catch (IOException | UncheckedIOException e) {
            throw new ProblemException(ProblemCode.UPLOAD_INVALID, "The upload broke off. Nothing was loaded.", e);
        }
    }

    private LoadedRows encode(InputStream upload, UploadFormat format, OutputStream copy,
            Collection<LocalDate> months) throws IOException {
        CopyEncoder encoder = new CopyEncoder(copy);
        long[] lastMonthDay = {Long.MIN_VALUE};
        LoadedRows rows = new LoadedRows(new CdrParser(clock), config.maxRejects(), cdr -> {
            encoder.add(cdr);
            long day = Math.floorDiv(cdr.startMicros(), SECONDS_A_DAY * 1_000_000);
            if (day != lastMonthDay[0]) {
                lastMonthDay[0] = day;
                months.add(LocalDate.ofEpochDay(day).withDayOfMonth(1));
            }
        });
        format.read(upload, CdrField.fields(), new UploadFormat.Bounds(config.maxUnpackedBytes(),
                config.maxRowLength(), "Nothing was loaded."), rows);
        encoder.finish();
        return rows;
    }

    /**
     * Another writer that does not take our locks, such as psql, can add an event between our look and our insert. Then
     * the next attempt is made alone.
     */
    private LoadResponse add(CdrLoadQueries.Load load, LoadedRows rows, OnError onError) {
        for (int attempt = 1;; attempt++) {
            try {
                LoadResponse response = addOnce(load, rows, attempt > 1);
                if (response.rejected() > 0 && onError == OnError.ABORT) {
                    throw aborted(response);
                }
                load.commit();
                return response;
            } catch (DatabaseException e) {
                load.rollback();
                if (attempt == MAX_ATTEMPTS || !isCollision(e)) {
                    throw e;
                }
            }
        }
    }

    private static boolean isCollision(DatabaseException fault) {
        return fault.hasState(UNIQUE_VIOLATION) || fault.hasState(DEADLOCK);
    }

    private LoadResponse addOnce(CdrLoadQueries.Load load, LoadedRows rows, boolean alone) {
        long staged = rows.received() - rows.rejected();
        long loaded = load.insertNew(alone);
        CdrLoadQueries.Conflicts conflicts = loaded == staged
                ? new CdrLoadQueries.Conflicts(0, List.of())
                : load.findConflicts(config.maxRejects());
        return response(rows, loaded, conflicts);
    }

    private LoadResponse response(LoadedRows rows, long loaded, CdrLoadQueries.Conflicts conflicts) {
        List<Reject> rejects = Stream
                .concat(rows.rejects().stream(), conflicts.lines().stream().map(line -> new Reject(line, CONFLICT)))
                .sorted(Comparator.comparingLong(Reject::line))
                .limit(config.maxRejects())
                .toList();
        long rejected = rows.rejected() + conflicts.count();
        return new LoadResponse(rows.received(), loaded, rows.received() - rejected - loaded, rejected, rejects);
    }

    private static ProblemException aborted(LoadResponse response) {
        return new ProblemException(ProblemCode.UPLOAD_REJECTED,
                response.rejected() + " of " + response.received()
                        + " rows were rejected, and on_error=abort asks for all or nothing. Nothing was loaded.",
                Map.of("received", response.received(), "rejected", response.rejected(), "rejects", response.rejects()),
                null);
    }
}
