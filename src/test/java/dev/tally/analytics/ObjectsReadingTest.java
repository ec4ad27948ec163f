package dev.tally.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;

/** The engine of this process, whatever the stretches are in which an object comes. */
class ObjectsReadingTest {
    /** Each header of the suite is in the first stretch. */
    private static final int FIRST_BYTES = 24;
    private static final int MAX_ROW_BYTES = 1000;

    @Nested
    class InOneStretch extends Reading {
        InOneStretch() {
            super(1 << 20, 1);
        }
    }

    @Nested
    class ByteByByte extends Reading {
        ByteByByte() {
            super(1, 1);
        }
    }

    @Nested
    class InStretchesOfThreeByThreeThreads extends Reading {
        InStretchesOfThreeByThreeThreads() {
            super(3, 3);
        }
    }

    @Nested
    class InStretchesOfElevenByTwoThreads extends Reading {
        InStretchesOfElevenByTwoThreads() {
            super(11, 2);
        }
    }

    abstract static class Reading implements EngineSuite {
        private final TestObjects objects = new TestObjects((_, _) -> {});
        private final int chunkBytes;
        private final int threads;

        Reading(int chunkBytes, int threads) {
            this.chunkBytes = chunkBytes;
            this.threads = threads;
        }

        @Override
        public TestObjects objects() {
            return objects;
        }

        @Override
        public Engine engine() {
            ObjectsReading.Bounds bounds = new ObjectsReading.Bounds(threads, 3, MAX_GROUPS, MAX_ROW_BYTES,
                    Math.max(FIRST_BYTES, chunkBytes));
            return new MemoryEngine(object -> new MemoryChunks(objects.content(object), chunkBytes), bounds);
        }
    }

    @Test
    void endsWithAClearProblemWhenAQuotationMarkIsNotClosed() {
        TestObjects objects = new TestObjects((_, _) -> {});
        objects.put("a.csv", "g,m\na,1\n\"b,2\n" + "c,3\n".repeat(10_000));
        Metric metric = TestMetric.of("a.csv").groupBy("g").count();

        for (int threads = 1; threads <= 3; threads++) {
            Engine engine = new MemoryEngine(object -> new MemoryChunks(objects.content(object), 100),
                    new ObjectsReading.Bounds(threads, 1, 100, MAX_ROW_BYTES, 100));

            assertThatThrownBy(() -> engine.compute(metric, objects.find(metric.dataset()), _ -> {}))
                    .isInstanceOfSatisfying(ProblemException.class, problem -> {
                        assertThat(problem.code()).isEqualTo(ProblemCode.CSV_UNREADABLE);
                        assertThat(problem.detail()).contains("line 3 of a.csv");
                    });
        }
    }

    @Test
    void findsARowTooLongWhereverItsFileIsCut() {
        TestObjects objects = new TestObjects((_, _) -> {});
        objects.put("a.csv", "g,m\na,1\n\nb," + "x".repeat(MAX_ROW_BYTES) + "\nc,3\n");
        objects.put("b.csv", "g,m\na,1\n\nb," + "x".repeat(MAX_ROW_BYTES - 2) + "\nc,3\n");

        for (int chunkBytes : List.of(7, 100, 1005, 1010, 1020, 5000)) {
            Engine engine = new MemoryEngine(object -> new MemoryChunks(objects.content(object), chunkBytes),
                    new ObjectsReading.Bounds(2, 1, 100, MAX_ROW_BYTES, 100));
            Metric tooLong = TestMetric.of("a.csv").groupBy("g").count();
            Metric fitting = TestMetric.of("b.csv").groupBy("g").count();

            assertThatThrownBy(() -> engine.compute(tooLong, objects.find(tooLong.dataset()), _ -> {}))
                    .as("cut at %s", chunkBytes).isInstanceOfSatisfying(ProblemException.class,
                            problem -> assertThat(problem.detail()).contains("line 4 of a.csv"));
            assertThat(engine.compute(fitting, objects.find(fitting.dataset()), _ -> {}).rowsRead()).isEqualTo(3);
        }
    }

    @Test
    void looksForAHeaderInTheFirstBytesOnly() {
        TestObjects objects = new TestObjects((_, _) -> {});
        objects.put("a.csv", "g,\"m\n" + "a,1\n".repeat(HeaderRecord.MAX_BYTES));
        Metric metric = TestMetric.of("a.csv").groupBy("g").count();
        Engine engine = new MemoryEngine(object -> new MemoryChunks(objects.content(object), 1 << 22),
                new ObjectsReading.Bounds(1, 1, 100, MAX_ROW_BYTES, 100));

        assertThatThrownBy(() -> engine.compute(metric, objects.find(metric.dataset()), _ -> {}))
                .isInstanceOfSatisfying(ProblemException.class,
                        problem -> assertThat(problem.detail()).contains("header of a.csv", "65536 bytes"));
    }

    @Test
    void passesOnWhatTheStoreThrowsWhicheverThreadMeetsIt() {
        TestObjects objects = new TestObjects((_, _) -> {});
        objects.put("a.csv", "g,m\n" + "a,1\n".repeat(10_000));
        Metric metric = TestMetric.of("a.csv").groupBy("g").count();

        for (int threads = 1; threads <= 3; threads++) {
            Engine engine = new MemoryEngine(object -> new MemoryChunks(objects.content(object), 100) {
                private int given;

                @Override
                public Optional<Chunk> next() {
                    if (given++ == 7) {
                        throw new ObjectChangedException("a.csv");
                    }
                    return super.next();
                }
            }, new ObjectsReading.Bounds(threads, 1, 100, MAX_ROW_BYTES, 100));

            assertThatThrownBy(() -> engine.compute(metric, objects.find(metric.dataset()), _ -> {}))
                    .isInstanceOf(ObjectChangedException.class);
        }
    }

    @Test
    void saysThatAGzipIsBroken() {
        TestObjects objects = new TestObjects((_, _) -> {});
        objects.putPacked("a.csv.gz", ("g,m\n" + "a,1\n".repeat(10_000)).getBytes(StandardCharsets.UTF_8));
        Metric metric = TestMetric.of("a.csv.gz").groupBy("g").count();
        byte[] whole = objects.content(objects.find(metric.dataset()).getFirst());

        for (int length = 2; length < whole.length; length += 7) {
            byte[] cut = Arrays.copyOf(whole, length);
            Engine engine = new MemoryEngine(_ -> new MemoryChunks(cut, 10),
                    new ObjectsReading.Bounds(2, 1, 100, MAX_ROW_BYTES, 100));

            assertThatThrownBy(() -> engine.compute(metric, objects.find(metric.dataset()), _ -> {}))
                    .isInstanceOfSatisfying(ProblemException.class,
                            problem -> assertThat(problem.code()).isEqualTo(ProblemCode.CSV_UNREADABLE));
        }
    }

    @Test
    void readsAllMembersOfAGzip() {
        TestObjects objects = new TestObjects((_, _) -> {});
        objects.putPacked("1", "g,m\na,1\n".getBytes(StandardCharsets.UTF_8));
        objects.putPacked("2", "a,2\nb,3\n".getBytes(StandardCharsets.UTF_8));
        Metric metric = TestMetric.of("1").groupBy("g").count();
        byte[] one = objects.content(objects.find(metric.dataset()).getFirst());
        byte[] other = objects.content(objects.find(TestMetric.of("2").count().dataset()).getFirst());
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);

        for (int chunk = 1; chunk < both.length; chunk++) {
            int chunkBytes = chunk;
            Figures figures = new MemoryEngine(_ -> new MemoryChunks(both, chunkBytes),
                    new ObjectsReading.Bounds(1, 1, 100, MAX_ROW_BYTES, 100))
                    .compute(metric, objects.find(metric.dataset()), _ -> {});

            assertThat(figures.rowsRead()).as("stretches of %s bytes", chunk).isEqualTo(3);
        }
    }

    /** The engine over bytes that are at hand. */
    private record MemoryEngine(Function<StoredObject, Chunks> opener, ObjectsReading.Bounds bounds)
            implements
                Engine {
        @Override
        public EngineKind kind() {
            return EngineKind.EMBEDDED;
        }

        @Override
        public Figures compute(Metric metric, List<StoredObject> objects, Progress progress) {
            return new ObjectsReading(metric, opener, bounds).figures(objects);
        }
    }

    /** A file cut into stretches. */
    private static class MemoryChunks implements Chunks {
        private final byte[] content;
        private final int chunkBytes;
        private int position;

        MemoryChunks(byte[] content, int chunkBytes) {
            this.content = content;
            this.chunkBytes = chunkBytes;
        }

        @Override
        public Optional<Chunk> next() {
            if (position == content.length) {
                return Optional.empty();
            }
            int begin = position;
            int length = begin == 0 ? Math.max(FIRST_BYTES, chunkBytes) : chunkBytes;
            position = Math.min(content.length, begin + length);
            // Each into a buffer of its own size, so that reading beyond it shows.
            byte[] bytes = Arrays.copyOfRange(content, begin, position);
            // What was given back is overwritten, so that reading it shows too.
            return Optional.of(
                    new Chunk(bytes, 0, bytes.length, () -> Arrays.fill(bytes, (byte) '#')));
        }

        @Override
        public void close() {
            position = content.length;
        }
    }
}
