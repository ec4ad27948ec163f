package dev.tally.analytics;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import org.jboss.logging.Logger;

import dev.tally.platform.clickhouse.ClickHouseException;
import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;
import dev.tally.platform.tracing.Spans;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * Has a ClickHouse read objects. What it may take otherwise than docs/csv.md says is read by another engine, so that the
 * figures are always the same.
 */
@ApplicationScoped
class ClickHouseEngine implements Engine {
    private static final Logger LOG = Logger.getLogger(ClickHouseEngine.class);

    private final PushdownQueries queries;
    private final BiFunction<StoredObject, Dataset, CsvHeader> headers;
    private final ObjectFinder finder;
    private final Engine fallback;
    private final Pushdown.Bounds bounds;
    private final int headerThreads;
    private final MeterRegistry registry;
    private final Set<String> warned = ConcurrentHashMap.newKeySet();

    @Inject
    ClickHouseEngine(PushdownQueries queries, CsvHeaders headers, AnalyticsStore store, EmbeddedEngine fallback,
            AnalyticsConfig config, PushdownConfig pushdown, MeterRegistry registry) {
        this(queries, headers::read, store, fallback,
                new Pushdown.Bounds(config.maxGroups(), config.maxRowBytes(), pushdown.maxObjectsPerQuery()),
                pushdown.headerThreads(), registry);
    }

    /** @param fallback reads what ClickHouse may not take as it is meant */
    ClickHouseEngine(PushdownQueries queries, BiFunction<StoredObject, Dataset, CsvHeader> headers,
            ObjectFinder finder, Engine fallback, Pushdown.Bounds bounds, int headerThreads,
            MeterRegistry registry) {
        this.queries = queries;
        this.headers = headers;
        this.finder = finder;
        this.fallback = fallback;
        this.bounds = bounds;
        this.headerThreads = headerThreads;
        this.registry = registry;
    }

    @Override
    public EngineKind kind() {
        return EngineKind.CLICKHOUSE;
    }

    @Override
    public Figures compute(Metric metric, List<StoredObject> objects, Progress progress) {
        AtomicLong told = new AtomicLong();
        try {
            return pushedDown(metric, objects, bytes -> {
                told.addAndGet(bytes);
                progress.advanced(bytes);
            });
        } catch (NotPushedDownException e) {
            noteFallback(metric.dataset(), e);
            AtomicLong again = new AtomicLong(told.get());
            return fallback.compute(metric, objects, bytes -> progress.advanced(unseen(again, bytes)));
        }
    }

    /** What is left of these bytes after those that were told of already. */
    private static long unseen(AtomicLong again, long bytes) {
        long seen = Math.min(bytes, again.getAndUpdate(left -> Math.max(0, left - bytes)));
        return bytes - seen;
    }

    private Figures pushedDown(Metric metric, List<StoredObject> objects, Progress progress) {
        try {
            Figures figures = new Pushdown(queries, metric, bounds).figures(shapes(metric, objects), progress);
            checkUnchanged(metric.dataset(), objects);
            return figures;
        } catch (ClickHouseException e) {
            throw ClickHouseFaults.translated(e, metric.dataset());
        }
    }

    private void noteFallback(Dataset dataset, NotPushedDownException reason) {
        registry.counter("tally.analytics.clickhouse.fallbacks", "dataset", dataset.name()).increment();
        if (warned.add(dataset.name())) {
            LOG.warnf("The dataset %s is read by this process, because ClickHouse %s", dataset.name(),
                    reason.getMessage());
        }
    }

    /** Headers are small, but many requests: some are read at a time. */
    private Map<StoredObject, ObjectShape> shapes(Metric metric, List<StoredObject> objects) {
        Map<StoredObject, ObjectShape> shapes = new LinkedHashMap<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(Math.min(headerThreads, objects.size()),
                work -> Thread.ofVirtual().name("csv-header").unstarted(Spans.carried(work)))) {
            try {
                List<Future<CsvHeader>> reading = objects.stream()
                        .map(object -> threads.submit(() -> headers.apply(object, metric.dataset()))).toList();
                for (int index = 0; index < objects.size(); index++) {
                    shapes.put(objects.get(index), shape(metric, reading.get(index).get()));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ProblemException(ProblemCode.ENGINE_UNAVAILABLE,
                        "The reading of the dataset " + metric.dataset().name() + " was given up.", e);
            } catch (ExecutionException e) {
                throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
            } finally {
                List<Runnable> unused = threads.shutdownNow();
            }
        }
        return shapes;
    }

    private static ObjectShape shape(Metric metric, CsvHeader header) {
        ObjectShape shape = ObjectShape.of(metric, header);
        if (header.lines() > 1) {
            throw new NotPushedDownException("takes the first line of " + header.key() + " for its header");
        }
        return shape;
    }

    /** ClickHouse says which version it has begun to read, not whether that was still there when it came to its end. */
    private void checkUnchanged(Dataset dataset, List<StoredObject> objects) {
        Map<String, String> etags = finder.find(dataset).stream()
                .collect(Collectors.toMap(StoredObject::key, StoredObject::etag));
        for (StoredObject object : objects) {
            if (!object.etag().equals(etags.get(object.key()))) {
                throw new ObjectChangedException(object.key());
            }
        }
    }
}
