package dev.tally.analytics;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;

/** A store of texts and an engine that counts their lines: what it is asked can be counted, held up, and made to fail. */
final class TextStore implements ObjectFinder, Engine {
    static final Instant WRITTEN = Instant.parse("2025-09-24T10:00:00Z");
    private static final int HALF = 2;
    private static final int MAX_HELD_SECONDS = 60;

    final AtomicInteger finds = new AtomicInteger();
    final AtomicInteger readings = new AtomicInteger();
    /** How often each metric was read to the end from each version of an object. */
    final Map<String, Integer> completed = new ConcurrentHashMap<>();
    private final Map<String, StoredObject> objects = new TreeMap<>();
    private final Map<String, String> texts = new HashMap<>();
    private final Map<String, CountDownLatch> held = new ConcurrentHashMap<>();
    private int version;
    /** Runs in the middle of a reading; may throw. */
    volatile Consumer<Metric> meanwhile = metric -> {};
    /** Runs before the store answers; may throw. */
    volatile Runnable beforeFind = () -> {};

    /** Writes an object anew, and gives its new ETag. */
    synchronized String put(String key, String... lines) {
        String etag = "\"v" + ++version + "\"";
        String text = String.join("\n", lines);
        texts.put(etag, text);
        objects.put(key, new StoredObject(AnalyticsConfigForTests.BUCKET, key, etag, text.length(), WRITTEN));
        return etag;
    }

    /** The same object, written at another time. */
    synchronized void touch(String key, Instant at) {
        objects.computeIfPresent(key,
                (_, old) -> new StoredObject(old.bucket(), key, old.etag(), old.sizeBytes(), at));
    }

    /** Holds up whoever reads that version, in the middle of it. */
    CountDownLatch hold(String etag) {
        CountDownLatch latch = new CountDownLatch(1);
        held.put(etag, latch);
        return latch;
    }

    @Override
    public List<StoredObject> find(Dataset dataset) {
        finds.incrementAndGet();
        beforeFind.run();
        synchronized (this) {
            List<StoredObject> found = objects.values().stream()
                    .filter(object -> object.key().startsWith(dataset.key())).toList();
            if (found.isEmpty()) {
                throw new ProblemException(ProblemCode.DATASET_NOT_FOUND, "There is no " + dataset.name());
            }
            return found;
        }
    }

    @Override
    public EngineKind kind() {
        return EngineKind.EMBEDDED;
    }

    @Override
    public Figures compute(Metric metric, List<StoredObject> read, Progress progress) {
        readings.incrementAndGet();
        List<String> lines = new ArrayList<>();
        for (StoredObject object : read) {
            progress.advanced(object.sizeBytes() / HALF);
            meanwhile.accept(metric);
            await(object.etag());
            progress.advanced(object.sizeBytes() - object.sizeBytes() / HALF);
            lines.addAll(text(object).lines().toList());
        }
        read.forEach(object -> completed.merge(metric.name() + object.etag(), 1, Integer::sum));
        return figures(metric, lines);
    }

    private void await(String etag) {
        CountDownLatch latch = held.get(etag);
        try {
            if (latch != null && !latch.await(MAX_HELD_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("Nobody let the reading of " + etag + " go on");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private synchronized String text(StoredObject object) {
        StoredObject now = objects.get(object.key());
        // One that is held up is read to its end, as by an engine that has everything already.
        if (!held.containsKey(object.etag()) && (now == null || !now.etag().equals(object.etag()))) {
            throw new ObjectChangedException(object.key());
        }
        return texts.getOrDefault(object.etag(), "");
    }

    /** What is right for these versions, where there are fewer groups than are kept. */
    synchronized Figures expected(List<StoredObject> read) {
        return figures(TestMetric.of("any").groupBy("any").count(),
                read.stream().flatMap(object -> texts.getOrDefault(object.etag(), "").lines()).toList());
    }

    private static Figures figures(Metric metric, List<String> lines) {
        Map<String, Integer> counts = new TreeMap<>();
        lines.forEach(line -> counts.merge(line, 1, Integer::sum));
        List<Figures.Group> groups = counts.entrySet().stream()
                .map(each -> new Figures.Group(each.getKey(), Optional.of(BigDecimal.valueOf(each.getValue()))))
                .toList();
        return Figures.of(metric, groups, lines.size(), 0, List.of());
    }
}
