package dev.tally.analytics;

import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;

import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;
import dev.tally.platform.tracing.Spans;

/** Reads all objects of a dataset for one metric, once: a single one with several threads, of several each with one. */
final class ObjectsReading {
    private final Metric metric;
    private final Function<StoredObject, Chunks> opener;
    private final Bounds bounds;
    private final RowTally all;
    private final List<Figures.Reject> rejects = new ArrayList<>();

    /**
     * @param threads for one object
     * @param objects how many are read at a time
     * @param maxGroups of groups, and of distinct values
     * @param chunkBytes of what is unpacked at a time
     */
    record Bounds(int threads, int objects, int maxGroups, int maxRowBytes, int chunkBytes) {}

    ObjectsReading(Metric metric, Function<StoredObject, Chunks> opener, Bounds bounds) {
        this.metric = metric;
        this.opener = opener;
        this.bounds = bounds;
        this.all = tally();
    }

    private RowTally tally() {
        return new RowTally(metric, bounds.maxGroups,
                () -> new ProblemException(ProblemCode.TOO_MANY_GROUPS, "The dataset " + metric.dataset().name()
                        + " has more than " + bounds.maxGroups + " different values for the metric " + metric.name()
                        + "."));
    }

    Figures figures(List<StoredObject> objects) {
        int atOnce = Math.min(objects.size(), bounds.objects);
        int threads = objects.size() == 1 ? bounds.threads : 1;
        // The platform's, because they do not wait but work: on virtual ones all others would wait for them.
        ThreadFactory threadsOfThisTrace = work -> Thread.ofPlatform().name("analytics").daemon()
                .unstarted(Spans.carried(work));
        try (ExecutorService readers = Executors.newFixedThreadPool(atOnce, threadsOfThisTrace)) {
            Deque<Future<RowTally>> running = new ArrayDeque<>();
            try {
                int begun = 0;
                for (StoredObject object : objects) {
                    for (; begun < objects.size() && running.size() < atOnce; begun++) {
                        StoredObject next = objects.get(begun);
                        running.add(readers.submit(() -> read(next, threads)));
                    }
                    include(object, running.remove().get());
                }
            } finally {
                running.forEach(reading -> reading.cancel(true));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProblemException(ProblemCode.STORE_UNAVAILABLE, "The service is ending.", e);
        } catch (ExecutionException e) {
            throw cause(e);
        }
        return all.figures(rejects);
    }

    private static RuntimeException cause(ExecutionException thrown) {
        return switch (thrown.getCause()) {
            case RuntimeException e -> e;
            case Error e -> throw e;
            case null, default -> new IllegalStateException(thrown);
        };
    }

    private void include(StoredObject object, RowTally tally) {
        for (Figures.Reject reject : tally.rejects(object.key())) {
            if (rejects.size() < Figures.MAX_REJECTS) {
                rejects.add(reject);
            }
        }
        all.include(tally);
    }

    private RowTally read(StoredObject object, int threads) {
        try (Chunks stored = opener.apply(object)) {
            Optional<Chunks.Chunk> first = stored.next();
            if (first.isEmpty() || !GunzippedChunks.isGzip(first.get().bytes(), first.get().start(),
                    first.get().end())) {
                return read(object, first, stored, threads);
            }
            try (Chunks unpacked = new GunzippedChunks(first.get(), stored, bounds.chunkBytes)) {
                return read(object, unpacked.next(), unpacked, threads);
            }
        } catch (UncheckedIOException e) {
            throw CsvHeaders.broken(metric.dataset(), object.key(), e);
        }
    }

    private RowTally read(StoredObject object, Optional<Chunks.Chunk> first, Chunks others, int threads) {
        Chunks.Chunk chunk = first.orElseGet(() -> new Chunks.Chunk(new byte[0], 0, 0, () -> {}));
        HeaderRecord header = header(object, chunk, others);
        RowPlan plan = RowPlan.of(metric, new CsvHeader(object.key(), header.names(), header.delimiter(), false,
                header.lines()));
        Chunks.Chunk rows = chunk.from(header.end());
        return new ChunkedReading(rows, header.lines(), others, plan, this::tally, bounds.maxRowBytes,
                line -> rowTooLong(object, line)).read(threads);
    }

    private HeaderRecord header(StoredObject object, Chunks.Chunk chunk, Chunks others) {
        int end = Math.min(chunk.end(), chunk.start() + HeaderRecord.MAX_BYTES);
        return HeaderRecord.read(metric.dataset(), chunk.bytes(), chunk.start(), end, false)
                // Without a line feed it is one if nothing follows.
                .or(() -> end < chunk.end() || others.next().isPresent()
                        ? Optional.empty()
                        : HeaderRecord.read(metric.dataset(), chunk.bytes(), chunk.start(), end, true))
                .orElseThrow(() -> CsvHeaders.tooLong(metric.dataset(), object));
    }

    private ProblemException rowTooLong(StoredObject object, long line) {
        return new ProblemException(ProblemCode.CSV_UNREADABLE, "The row that begins on line " + line + " of "
                + object.key() + " of the dataset " + metric.dataset().name() + " has more than " + bounds.maxRowBytes
                + " bytes; a quotation mark may not be closed.");
    }
}
