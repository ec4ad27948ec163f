package dev.tally.interactions;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;

import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;
import io.quarkus.hibernate.orm.panache.Panache;

/** Merges the rows of a workbook into what there is, in the transaction of the import. */
@ApplicationScoped
class MergeService {
    private static final Logger LOG = Logger.getLogger(MergeService.class);
    private static final long PROGRESS_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    /** How much of an import the reading is; the rest is what the database does then. */
    private static final double READING = 0.5;
    private static final double CUSTOMERS_MERGED = 0.6;
    private static final double INTERACTIONS_MERGED = 0.95;

    private final ImportQueries queries;
    private final ImportJournalService journal;
    private final InteractionsConfig config;
    private final Clock clock;

    MergeService(ImportQueries queries, ImportJournalService journal, InteractionsConfig config, Clock clock) {
        this.queries = queries;
        this.journal = journal;
        this.config = config;
        this.clock = clock;
    }

    Merge begin(int number, WorkbookFile workbook, ReadBudget budget, ImportLog log) {
        return new Merge(number, workbook, budget, log);
    }

    /** One import: reads the sheets into stages, and merges those. */
    final class Merge {
        private final int number;
        private final WorkbookFile workbook;
        private final ReadBudget budget;
        private final ImportLog log;
        private final Map<SheetKind, Counter> counters = new HashMap<>();
        private final CopyStage.Digest digest = new CopyStage.Digest();
        private final RowCleaner.RowCount total = new RowCleaner.RowCount(config.imports().maxRows());
        private Map<SheetKind, SheetPlan> plans = Map.of();
        private String contentSha256 = "";
        private long sheetBytes;
        private long lastProgressNanos;

        private Merge(int number, WorkbookFile workbook, ReadBudget budget, ImportLog log) {
            this.number = number;
            this.workbook = workbook;
            this.budget = budget;
            this.log = log;
        }

        int number() {
            return number;
        }

        String contentSha256() {
            return contentSha256;
        }

        /** Of the sheets in the order in which people know them. */
        List<SheetCounts> counts() {
            List<SheetCounts> counts = new ArrayList<>();
            for (SheetKind kind : SheetKind.values()) {
                SheetPlan plan = plans.get(kind);
                if (plan != null) {
                    counts.add(counters.getOrDefault(kind, new Counter()).counts(plan.sheet().name()));
                }
            }
            return counts;
        }

        void run(ImportService.Options options) {
            int usualSilenceMillis = queries.allowSeconds(config.imports().maxSeconds());
            try {
                readAndMerge(options);
            } finally {
                queries.allowSilence(usualSilenceMillis);
            }
        }

        private void readAndMerge(ImportService.Options options) {
            workbook.readSharedParts();
            plans = new SheetFinder(workbook, log).find();
            sheetBytes = budget.unpackedBytes()
                    + workbook.unpackedBytes(plans.values().stream().map(SheetPlan::sheet).toList());
            queries.createStages();
            Names channels = new Names(Spelling::channelKey, knownChannels(), config.imports().maxChannels());
            Names products = new Names(Spelling::productKey, knownProducts(), config.imports().maxProducts());
            for (SheetKind kind : SheetKind.values()) {
                stage(kind, channels, products);
            }
            contentSha256 = digest.hex();
            budget.check();
            rejectRepeatedCustomers();
            requireClean(options);
            report(SheetKind.INTERACTIONS, channels, 1);
            report(SheetKind.PRODUCTS, products, 1);
            if (merge(channels, products)) {
                queries.changeVersion(clock.instant());
            }
        }

        private void stage(SheetKind kind, Names channels, Names products) {
            SheetPlan plan = Objects.requireNonNull(plans.get(kind));
            Counter counter = new Counter();
            counters.put(kind, counter);
            CellValues values = new CellValues(config.zone(), workbook.isSince1904());
            queries.stage(kind, out -> {
                CopyStage stage = new CopyStage(out, digest, channels, products);
                RowCleaner cleaner = new RowCleaner(plan, values, channels, products, log, stage, total);
                workbook.read(plan.sheet(), (row, cells) -> {
                    cleaner.row(row, cells);
                    counter.read = cleaner.read();
                    counter.rejected = cleaner.rejected();
                    showProgress();
                });
                stage.finish();
            });
        }

        private void showProgress() {
            long now = System.nanoTime();
            if (now - lastProgressNanos > PROGRESS_NANOS) {
                lastProgressNanos = now;
                double read = sheetBytes == 0 ? 0 : Math.min(1, budget.unpackedBytes() / (double) sheetBytes);
                showProgress(READING * read);
            }
        }

        @SuppressWarnings("IllegalCatch") // Whatever keeps the progress from being shown, the import goes on.
        private void showProgress(double progress) {
            try {
                journal.progress(number, progress, counts());
            } catch (RuntimeException e) {
                LOG.warn("The progress of an import could not be shown", e);
            }
        }

        private void rejectRepeatedCustomers() {
            SheetPlan plan = Objects.requireNonNull(plans.get(SheetKind.CUSTOMERS));
            Counter counter = Objects.requireNonNull(counters.get(SheetKind.CUSTOMERS));
            for (ImportQueries.RepeatedCustomer repeated : queries.takeRepeatedCustomers()) {
                String sentence = "the customer is listed already, in row " + repeated.firstRow();
                if (repeated.differs()) {
                    counter.rejected++;
                    log.reject(plan, repeated.row(), 0, Long.toString(repeated.customerId()),
                            sentence + ", with another occupation or type");
                } else {
                    log.warn(plan.sheet().name(), repeated.row(), plan.kind().columns().getFirst(),
                            "The row says the same as row " + repeated.firstRow() + ".");
                }
            }
        }

        private void requireClean(ImportService.Options options) {
            int rejects = log.rejects().size();
            if (rejects > 0 && !options.skipRejects() && !options.dryRun()) {
                throw new ProblemException(ProblemCode.UPLOAD_REJECTED, rejects
                        + (rejects == 1 ? " row of the workbook is" : " rows of the workbook are")
                        + " wrong, so nothing was stored. Correct them, or import the others with on_error=skip.");
            }
        }

        private void report(SheetKind kind, Names names, int column) {
            names.report(log, Objects.requireNonNull(plans.get(kind)).sheet().name(), kind.columns().get(column));
        }

        /** @return whether anything changed */
        private boolean merge(Names channels, Names products) {
            Integer[] channelIds = channelIds(channels);
            Integer[] productIds = productIds(products);
            Counter customers = Objects.requireNonNull(counters.get(SheetKind.CUSTOMERS));
            Counter interactions = Objects.requireNonNull(counters.get(SheetKind.INTERACTIONS));
            Counter discussions = Objects.requireNonNull(counters.get(SheetKind.PRODUCTS));
            long newCustomers = queries.addCustomers();
            customers.updated = queries.updateCustomers();
            customers.added(newCustomers);
            long mentioned = addMentioned();
            queries.addCustomerSources(number);
            queries.addChannelSources(number, channelIds, spellings(channels));
            queries.addProductSources(number, productIds, spellings(products));
            budget.check();
            showProgress(CUSTOMERS_MERGED);
            ImportQueries.AddedInteractions added = queries.addInteractions(number, channelIds);
            interactions.added(added.rows());
            budget.check();
            showProgress(INTERACTIONS_MERGED);
            discussions.added(queries.addDiscussions(number, productIds));
            return customers.added + customers.updated + mentioned + added.interactions() + discussions.added > 0;
        }

        private long addMentioned() {
            SheetPlan plan = Objects.requireNonNull(plans.get(SheetKind.INTERACTIONS));
            List<ImportQueries.Mentioned> listed = new ArrayList<>();
            long count = queries.addMentioned(config.imports().maxListed(), listed);
            listed.forEach(mentioned -> log.warn(plan.sheet().name(), mentioned.row(), plan.kind().columns().get(2),
                    "The customer " + mentioned.customerId() + " is not in the sheet \"" + SheetKind.CUSTOMERS.title()
                            + "\". It was created with neither occupation nor type."));
            log.count(count - listed.size());
            return count;
        }

        private Map<String, String> knownChannels() {
            Map<String, String> known = new HashMap<>();
            Channel.<Channel>streamAll().forEach(channel -> known.put(channel.key, channel.name));
            config.channels().forEach(name -> known.put(Spelling.channelKey(name), name));
            return known;
        }

        private Map<String, String> knownProducts() {
            return Product.<Product>streamAll()
                    .collect(Collectors.toMap(product -> product.key, product -> product.name));
        }

        private Integer[] channelIds(Names names) {
            Map<String, Channel> stored = byKey(Channel.<Channel>listAll(), channel -> channel.key);
            return names.names().stream().map(name -> Objects.requireNonNull(stored.computeIfAbsent(name.key(), key -> {
                Channel channel = new Channel(key, name.spelling());
                channel.persist();
                return channel;
            }).id)).toArray(Integer[]::new);
        }

        private Integer[] productIds(Names names) {
            Map<String, Product> stored = byKey(Product.<Product>listAll(), product -> product.key);
            Integer[] ids = names.names().stream()
                    .map(name -> Objects.requireNonNull(stored.computeIfAbsent(name.key(), key -> {
                        Product product = new Product(key, name.spelling());
                        product.persist();
                        return product;
                    }).id)).toArray(Integer[]::new);
            Panache.getEntityManager().flush();
            return ids;
        }

        private static <T> Map<String, T> byKey(List<T> all, Function<T, String> key) {
            Map<String, T> byKey = new HashMap<>();
            all.forEach(each -> byKey.put(key.apply(each), each));
            return byKey;
        }

        private static String[] spellings(Names names) {
            return names.names().stream().map(Names.Name::spelling).toArray(String[]::new);
        }
    }

    /** What becomes of the rows of a sheet. */
    private static final class Counter {
        private long read;
        private long rejected;
        private long added;
        private long updated;
        private long unchanged;

        void added(long rows) {
            added = rows;
            unchanged = read - rejected - added - updated;
        }

        SheetCounts counts(String sheet) {
            return new SheetCounts(sheet, read, added, updated, unchanged, rejected);
        }
    }
}
