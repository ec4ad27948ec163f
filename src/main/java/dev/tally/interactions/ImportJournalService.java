package dev.tally.interactions;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Clock;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;

import org.jboss.logging.Logger;

import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;
import io.quarkus.hibernate.orm.panache.Panache;

/** Keeps how an import stands, in transactions of its own: so that others see it while the import's is open. */
@ApplicationScoped
class ImportJournalService {
    private static final Logger LOG = Logger.getLogger(ImportJournalService.class);
    private static final int PROGRESS_SCALE = 3;

    private final RejectQueries rejectQueries;
    private final ImportQueries queries;
    private final Clock clock;

    ImportJournalService(RejectQueries rejectQueries, ImportQueries queries, Clock clock) {
        this.rejectQueries = rejectQueries;
        this.queries = queries;
        this.clock = clock;
    }

    /** Begins an import; the caller holds the lock of imports. */
    @Transactional(TxType.REQUIRES_NEW)
    Import begin(Upload upload, boolean dryRun) {
        failInterrupted();
        Import begun = new Import(UUID.randomUUID(), upload, dryRun, clock.instant());
        begun.persistAndFlush();
        return begun;
    }

    /** Says how far it is. */
    @Transactional(TxType.REQUIRES_NEW)
    void progress(int number, double progress, List<SheetCounts> sheets) {
        Import running = find(number);
        running.progress = BigDecimal.valueOf(progress).setScale(PROGRESS_SCALE, RoundingMode.DOWN);
        setSheets(running, sheets);
    }

    /** Ends an import of which nothing was stored. */
    @Transactional(TxType.REQUIRES_NEW)
    void fail(int number, ProblemException problem, List<SheetCounts> sheets, ImportLog log) {
        Import failed = find(number);
        if (failed.state() != Import.State.RUNNING) {
            return;
        }
        failed.fail(problem.code().name(), problem.detail(), clock.instant());
        describe(failed, sheets, log);
    }

    /** Ends an import that is stored, in the transaction in which it is. */
    @Transactional(TxType.MANDATORY)
    void complete(int number, List<SheetCounts> sheets, ImportLog log, String contentSha256) {
        end(number, sheets, log, contentSha256);
    }

    /** Ends a dry run, whose own transaction is rolled back. */
    @Transactional(TxType.REQUIRES_NEW)
    void completeDryRun(int number, List<SheetCounts> sheets, ImportLog log, String contentSha256) {
        end(number, sheets, log, contentSha256);
    }

    private void end(int number, List<SheetCounts> sheets, ImportLog log, String contentSha256) {
        Import completed = find(number);
        completed.contentSha256 = contentSha256;
        completed.sameAs = Import.findLiveWithContent(contentSha256).map(same -> same.id).orElse(null);
        completed.complete(clock.instant());
        describe(completed, sheets, log);
    }

    private void describe(Import ended, List<SheetCounts> sheets, ImportLog log) {
        setSheets(ended, sheets);
        ended.warnings.clear();
        ended.warnings.addAll(log.warnings());
        ended.warningCount = log.warningCount();
        ended.rejectCount = log.rejects().size();
        rejectQueries.add(ended.number(), log.rejects());
    }

    private static void setSheets(Import target, List<SheetCounts> sheets) {
        for (int place = 0; place < sheets.size(); place++) {
            if (place < target.sheets.size()) {
                target.sheets.set(place, sheets.get(place));
            } else {
                target.sheets.add(sheets.get(place));
            }
        }
    }

    /** Fails what is said to run though no process runs it: whoever runs an import holds the lock. */
    @Transactional(TxType.REQUIRES_NEW)
    void recover() {
        if (queries.tryLock()) {
            failInterrupted();
        }
    }

    private void failInterrupted() {
        for (Import interrupted : Import.findRunning()) {
            LOG.warnf("The import %s was interrupted by the end of its process; nothing of it was stored",
                    interrupted.id);
            interrupted.fail(ProblemCode.IMPORT_INTERRUPTED.name(),
                    "The service ended during the import. Nothing was stored. Send the workbook again.",
                    clock.instant());
        }
        Panache.getEntityManager().flush();
    }

    private static Import find(int number) {
        Import known = Import.findById(number);
        if (known == null) {
            throw new IllegalStateException("Imports are never deleted");
        }
        return known;
    }
}
