package dev.tally.interactions;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import org.jboss.logging.Logger;

import dev.tally.platform.problem.DatabaseException;
import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;
import dev.tally.platform.tracing.Spans;
import dev.tally.platform.upload.UploadMetrics;
import dev.tally.platform.upload.UploadMetrics.Outcome;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.Startup;

/** Imports workbooks, one at a time: each as a whole in one transaction, or not at all. */
@Startup // So that its metrics are zero before they are one.
@ApplicationScoped
class ImportService {
    private static final Logger LOG = Logger.getLogger(ImportService.class);
    /** The transaction outlives the import's own bound, which says more. */
    private static final int MARGIN_SECONDS = 60;
    private static final int SHUTDOWN_SECONDS = 5;
    private static final String QUERY_CANCELLED = "57014";

    private final ImportJournalService journal;
    private final ImportQueries queries;
    private final MergeService merge;
    private final UploadMetrics metrics;
    private final InteractionsConfig config;
    private final Set<Running> underWay = ConcurrentHashMap.newKeySet();

    ImportService(ImportJournalService journal, ImportQueries queries, MergeService merge, MeterRegistry registry,
            InteractionsConfig config) {
        this.journal = journal;
        this.queries = queries;
        this.merge = merge;
        this.metrics = new UploadMetrics(registry).ofUploads("tally.interactions.imports", Outcome.COMPLETED,
                Outcome.DRY_RUN, Outcome.FAILED).ofRejects("tally.interactions.rejects");
        this.config = config;
    }

    /** What a client wants of an import. */
    record Options(boolean dryRun, boolean skipRejects) {}

    /** An import under way. */
    static final class Running {
        private final CompletableFuture<Integer> begun = new CompletableFuture<>();
        private final CompletableFuture<Void> ended = new CompletableFuture<>();
        private final ReadBudget budget;

        Running(ReadBudget budget) {
            this.budget = budget;
        }

        /**
         * Waits until it has begun; gives its number.
         *
         * @throws ProblemException when it cannot begin
         */
        int number() throws InterruptedException {
            try {
                return begun.get();
            } catch (ExecutionException e) {
                throw problemOf(e);
            }
        }

        private static RuntimeException problemOf(ExecutionException e) {
            return e.getCause() instanceof ProblemException problem ? problem : new IllegalStateException(e);
        }

        /**
         * Waits for its end, but not longer than that.
         *
         * @return whether it has ended
         * @throws ProblemException when it failed
         */
        boolean await(int maxSeconds) throws InterruptedException {
            try {
                ended.get(maxSeconds, TimeUnit.SECONDS);
                return true;
            } catch (TimeoutException _) {
                return false;
            } catch (ExecutionException e) {
                throw problemOf(e);
            }
        }
    }

    /**
     * Begins an import, on a thread of its own: it goes on when the client goes away.
     *
     * @throws ProblemException when the file is no workbook; then nothing has begun
     */
    Running start(Upload upload, Options options) {
        Running running = new Running(new ReadBudget(config.imports().maxSeconds()));
        WorkbookFile workbook;
        try {
            workbook = WorkbookFile.open(upload.file(), config.imports(), running.budget);
        } catch (RuntimeException e) {
            delete(upload);
            throw e;
        }
        underWay.add(running);
        Thread.ofVirtual().name("import").start(Spans.carried(() -> {
            try (workbook) {
                run(running, upload, workbook, options);
            } finally {
                underWay.remove(running);
                delete(upload);
            }
        }));
        return running;
    }

    @SuppressWarnings("IllegalCatch") // Whatever happens, whoever waits is told.
    private void run(Running running, Upload upload, WorkbookFile workbook, Options options) {
        ImportLog log = new ImportLog(config.imports().maxListed(), config.imports().maxRejects());
        try {
            QuarkusTransaction.requiringNew().timeout(config.imports().maxSeconds() + MARGIN_SECONDS)
                    .run(() -> runLocked(running, upload, workbook, options, log));
            metrics.ended(Outcome.COMPLETED);
            metrics.rows(Outcome.REJECTED, log.rejects().size());
            running.ended.complete(null);
        } catch (DryRunException _) {
            metrics.ended(Outcome.DRY_RUN);
            running.ended.complete(null);
        } catch (Throwable fault) {
            ProblemException problem = problem(fault);
            metrics.ended(Outcome.FAILED);
            metrics.rows(Outcome.REJECTED, log.rejects().size());
            fail(running, problem, log);
            running.begun.completeExceptionally(problem);
            running.ended.completeExceptionally(problem);
        }
    }

    /** For what fails at the very end, such as the commit: what fails earlier has said so already. */
    @SuppressWarnings("IllegalCatch") // Whatever happens, whoever waits is told.
    private void fail(Running running, ProblemException problem, ImportLog log) {
        try {
            if (running.begun.isDone() && !running.begun.isCompletedExceptionally()) {
                journal.fail(running.begun.join(), problem, List.of(), log);
            }
        } catch (RuntimeException e) {
            LOG.error("It could not be kept that an import failed; the next look at it will find it interrupted", e);
        }
    }

    private ProblemException problem(Throwable fault) {
        if (fault instanceof ProblemException known) {
            return known;
        }
        LOG.error("An import failed", fault);
        Optional<DatabaseException> database = DatabaseException.within(fault);
        if (database.isPresent()) {
            return database.get().hasState(QUERY_CANCELLED)
                    ? new ProblemException(ProblemCode.WORKBOOK_TOO_LARGE, "A step of the import took longer than "
                            + config.imports().maxSeconds()
                            + " seconds. Nothing was stored. Send the workbook in parts.",
                            fault)
                    : new ProblemException(ProblemCode.DATABASE_UNAVAILABLE,
                            "The database failed during the import. Nothing was stored. Send the workbook again.",
                            fault);
        }
        return new ProblemException(ProblemCode.INTERNAL_ERROR,
                "The service failed during the import. Nothing was stored.", fault);
    }

    /** Rolls a dry run back, after all was told. */
    private static final class DryRunException extends RuntimeException {
        private static final long serialVersionUID = 1;

        DryRunException() {
            super(null, null, false, false);
        }
    }

    private void runLocked(Running running, Upload upload, WorkbookFile workbook, Options options,
            ImportLog log) {
        requireLock(queries);
        int number = journal.begin(upload, options.dryRun()).number();
        running.begun.complete(number);
        MergeService.Merge merged = merge.begin(number, workbook, running.budget, log);
        try {
            merged.run(options);
        } catch (RuntimeException | Error fault) {
            // While the lock is held, so that nobody takes it for one whose process has ended.
            ProblemException problem = problem(fault);
            journal.fail(number, problem, merged.counts(), log);
            throw problem;
        }
        if (options.dryRun()) {
            journal.completeDryRun(number, merged.counts(), log, merged.contentSha256());
            throw new DryRunException();
        } else {
            journal.complete(number, merged.counts(), log, merged.contentSha256());
        }
    }

    /** @throws ProblemException when another import is under way */
    static void requireLock(ImportQueries queries) {
        if (!queries.tryLock()) {
            throw new ProblemException(ProblemCode.IMPORT_RUNNING,
                    "Another import or take-back is under way, and there is one at a time. Nothing was stored. "
                            + "Try again later.",
                    Map.of(), null);
        }
    }

    private static void delete(Upload upload) {
        try {
            Files.deleteIfExists(upload.file());
        } catch (IOException e) {
            LOG.warn("An uploaded workbook could not be deleted", e);
        }
    }

    /** Ends imports at their next step, so that they say so rather than being found dead. */
    void onShutdown(@Observes ShutdownEvent event) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SHUTDOWN_SECONDS);
        underWay.forEach(running -> running.budget.cancel());
        underWay.forEach(running -> {
            try {
                // All of them together: others may wait for the turn of the one that does not end.
                running.ended.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
            } catch (ExecutionException _) {
                // It has ended, as it was told to.
            } catch (TimeoutException _) {
                LOG.warn("An import does not end; the next one will find it interrupted");
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
            }
        });
    }
}
