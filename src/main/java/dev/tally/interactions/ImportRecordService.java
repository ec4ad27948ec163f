package dev.tally.interactions;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;
import dev.tally.platform.table.Column;
import dev.tally.platform.table.Table;
import dev.tally.platform.table.Table.Layout;
import io.quarkus.hibernate.orm.panache.Panache;
import io.quarkus.narayana.jta.runtime.TransactionConfiguration;
import io.quarkus.panache.common.Sort;

/** Shows what imports there were, and takes them back. */
@ApplicationScoped
class ImportRecordService {
    private static final List<Column> REJECT_COLUMNS = List.of(Column.text("sheet"), Column.integer("row"),
            Column.text("column"), Column.text("value"), Column.text("reason"));

    private final ImportJournalService journal;
    private final ImportQueries queries;
    private final RevertQueries revertQueries;
    private final RejectQueries rejectQueries;
    private final InteractionsConfig config;
    private final Clock clock;

    ImportRecordService(ImportJournalService journal, ImportQueries queries, RevertQueries revertQueries,
            RejectQueries rejectQueries, InteractionsConfig config, Clock clock) {
        this.journal = journal;
        this.queries = queries;
        this.revertQueries = revertQueries;
        this.rejectQueries = rejectQueries;
        this.config = config;
        this.clock = clock;
    }

    /** @throws ProblemException when there is none */
    @Transactional
    ImportResponse find(UUID id) {
        Import known = known(id);
        if (known.state() == Import.State.RUNNING) {
            // It may be one whose process has ended.
            journal.recover();
            Panache.getEntityManager().refresh(known);
        }
        return response(known);
    }

    /** By its number, which is known only here. */
    @Transactional
    ImportResponse find(int number) {
        return response(Import.<Import>findByIdOptional(number).orElseThrow());
    }

    /** The latest imports, the last one first. */
    @Transactional
    List<ImportResponse> list(int limit) {
        List<Import> latest = Import.<Import>findAll(Sort.descending("number")).page(0, limit).list();
        if (latest.stream().anyMatch(each -> each.state() == Import.State.RUNNING)) {
            journal.recover();
            latest.forEach(each -> Panache.getEntityManager().refresh(each));
        }
        return latest.stream().map(each -> ImportResponse.of(each, List.of())).toList();
    }

    private ImportResponse response(Import known) {
        return ImportResponse.of(known, rejectQueries.find(known.number(), config.imports().maxListed()));
    }

    /**
     * All rejected rows of an import.
     *
     * @throws ProblemException when there is none
     */
    @Transactional
    Table rejects(UUID id) {
        Import known = known(id);
        int number = known.number();
        Instant finishedAt = known.finishedAt;
        return new Table("import-" + id + "-rejects", Layout.LIST, List.of(), false, REJECT_COLUMNS, sink -> {
            if (!sink.begin(finishedAt)) {
                return;
            }
            rejectQueries.forEach(number, config.imports().maxRejects(), reject -> {
                sink.text(reject.sheet());
                sink.integer(reject.row());
                if (reject.column() == null) {
                    sink.absent();
                } else {
                    sink.text(reject.column());
                }
                if (reject.value() == null) {
                    sink.absent();
                } else {
                    sink.text(reject.value());
                }
                sink.text(reject.reason());
                sink.endRow();
            });
        });
    }

    /**
     * Takes an import back: what only it brought is gone, what it changed is as others say. Once more changes nothing.
     *
     * @throws ProblemException when there is none, it has brought nothing, or another is under way
     */
    @Transactional
    @TransactionConfiguration(timeoutFromConfigProperty = "tally.interactions.imports.max-seconds")
    ImportResponse revert(UUID id) {
        Import known = known(id);
        if (known.state() == Import.State.REVERTED) {
            return response(known);
        }
        if (known.state() == Import.State.RUNNING) {
            journal.recover();
        }
        ImportService.requireLock(queries);
        Panache.getEntityManager().refresh(known);
        if (known.state() == Import.State.REVERTED) {
            return response(known);
        }
        if (known.state() != Import.State.COMPLETED || known.dryRun) {
            throw new ProblemException(ProblemCode.IMPORT_NOT_COMPLETED, known.dryRun
                    ? "This was a dry run: it has brought nothing."
                    : "This import is " + known.state().text() + ": it has brought nothing.");
        }
        int usualSilenceMillis = queries.allowSeconds(config.imports().maxSeconds());
        try {
            takeBack(known);
        } finally {
            queries.allowSilence(usualSilenceMillis);
        }
        return response(known);
    }

    private void takeBack(Import known) {
        int number = known.number();
        long changes = revertQueries.removeInteractions(number) + revertQueries.removeDiscussions(number)
                + revertQueries.removeCustomers(number) + revertQueries.removeChannels(number)
                + revertQueries.removeProducts(number);
        if (changes > 0) {
            queries.changeVersion(clock.instant());
        }
        known.revert(clock.instant());
        Panache.getEntityManager().flush();
    }

    private static Import known(UUID id) {
        return Import.findByPublicId(id).orElseThrow(() -> new ProblemException(ProblemCode.IMPORT_NOT_FOUND,
                "There is no import with this id. GET /api/v1/imports lists them."));
    }
}
