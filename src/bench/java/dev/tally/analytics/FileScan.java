package dev.tally.analytics;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What the embedded engine does with an object, done with a file. */
public final class FileScan {
    private static final int CHUNK_BYTES = 1 << 19;
    private static final int MAX_GROUPS = 100_000;
    private static final int MAX_ROW_BYTES = 1 << 20;

    private FileScan() {}

    /** Counts the rows by a column, the most frequent value first. */
    public static Map<String, Long> count(Path file, String column, int threads) {
        Metric metric = metric("", file.toString(), column);
        StoredObject object = new StoredObject("", file.toString(), "", 0, Instant.EPOCH);
        Figures figures = new ObjectsReading(metric, _ -> new FileChunks(file),
                new ObjectsReading.Bounds(threads, 1, MAX_GROUPS, MAX_ROW_BYTES, CHUNK_BYTES))
                .figures(List.of(object));
        return counts(figures);
    }

    static Metric metric(String bucket, String key, String column) {
        Dataset dataset = new Dataset("bench", bucket, key, EngineKind.EMBEDDED, StandardCharsets.UTF_8,
                Optional.empty(), false, Map.of());
        return new Metric("bench", dataset, Measure.COUNT, Optional.empty(), Optional.of(column), OptionalInt.empty(),
                List.of(), 0);
    }

    static Map<String, Long> counts(Figures figures) {
        if (figures.rowsRejected() > 0) {
            throw new IllegalStateException(figures.rejects().toString());
        }
        Map<String, Long> counts = new LinkedHashMap<>();
        figures.groups().forEach(group -> counts.put(group.name(), group.figure().orElseThrow().longValueExact()));
        return counts;
    }

    /** A file in stretches that stay in the processor's cache. */
    private static final class FileChunks implements Chunks {
        private final FileChannel file;
        private final Queue<byte[]> free = new ConcurrentLinkedQueue<>();

        FileChunks(Path path) {
            try {
                file = FileChannel.open(path);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public Optional<Chunk> next() {
            byte[] known = free.poll();
            byte[] bytes = known == null ? new byte[CHUNK_BYTES] : known;
            try {
                int count = file.read(ByteBuffer.wrap(bytes));
                return count < 0 ? Optional.empty() : Optional.of(new Chunk(bytes, 0, count, () -> free.add(bytes)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            try {
                file.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
