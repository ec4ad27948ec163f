package dev.tally.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;

import jakarta.inject.Inject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tally.local.BucketStore;
import dev.tally.testsupport.NeedsClickHouse;
import dev.tally.testsupport.S3ForTests;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.test.junit.QuarkusTest;

/** A real ClickHouse, which reads from a real S3 server. */
@QuarkusTest
@NeedsClickHouse
@Timeout(120)
class ClickHouseEngineTest implements EngineSuite {
    private final BucketStore bucket = S3ForTests.samples();
    private final TestObjects objects = new TestObjects(bucket::put);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ObviousEngine obvious = new ObviousEngine(objects::content, ',', MAX_GROUPS);

    @Inject
    PushdownQueries queries;

    @Override
    public TestObjects objects() {
        return objects;
    }

    @Override
    public Engine engine() {
        return engine(objects);
    }

    private Engine engine(ObjectFinder finder) {
        return engine(finder, obvious::header);
    }

    private Engine engine(ObjectFinder finder, BiFunction<StoredObject, Dataset, CsvHeader> headers) {
        return new ClickHouseEngine(queries, headers, finder, obvious,
                new Pushdown.Bounds(MAX_GROUPS, 1 << 20, 3),
                4, registry);
    }

    @AfterEach
    void tidyUp() {
        objects.keys().forEach(bucket::delete);
    }

    @Test
    void readsNothingBesideClickHouse() {
        objects.put("a.csv", "g,m\r\n\"a,b\",1\r\n\"say \"\"no\"\"\",2.5\r\nx,y\r\nz\r\n\r\n");

        for (Measure measure : Measure.values()) {
            figures(TestMetric.of("a.csv").groupBy("g").measure(measure, "m"));
        }

        assertThat(fallbacks()).isZero();
    }

    @Test
    void leavesToTheOtherEngineWhatClickHouseTakesOtherwise() {
        objects.put("a.csv", "g,m\na,\"b\"c\nd,e\n");

        figures(TestMetric.of("a.csv").groupBy("g").count());

        assertThat(fallbacks()).isOne();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 9, 20})
    void leavesToTheOtherEngineWhatIsBrokenOff(int lackingBytes) {
        objects.putPacked("whole.csv.gz", "g,m\na,1\nb,2\n".getBytes(StandardCharsets.UTF_8));
        Metric metric = TestMetric.of("broken.csv.gz").groupBy("g").count();
        StoredObject whole = objects.find(TestMetric.of("whole.csv.gz").count().dataset()).getFirst();
        byte[] packed = objects.content(whole);
        objects.put("broken.csv.gz", Arrays.copyOf(packed, packed.length - lackingBytes));
        Engine engine = engine(objects, (_, dataset) -> obvious.header(whole, dataset));

        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> engine.compute(metric, objects.find(metric.dataset()), _ -> {}));
        assertThat(fallbacks()).isOne();
    }

    @Test
    void doesNotMixVersions() {
        objects.put("a.csv", "g\na\n");
        Metric metric = TestMetric.of("a.csv").groupBy("g").count();
        List<StoredObject> before = objects.find(metric.dataset());
        objects.put("a.csv", "g\nb\n");

        assertThatExceptionOfType(ObjectChangedException.class)
                .isThrownBy(() -> engine().compute(metric, before, _ -> {}));
    }

    @Test
    void seesThatAnObjectChangedWhileItWasRead() {
        objects.put("a.csv", "g\na\n");
        Metric metric = TestMetric.of("a.csv").groupBy("g").count();
        List<StoredObject> found = objects.find(metric.dataset());
        StoredObject other = new StoredObject(TestMetric.BUCKET, "a.csv", "\"another\"", 1, Instant.EPOCH);

        assertThatExceptionOfType(ObjectChangedException.class)
                .isThrownBy(() -> engine(_ -> List.of(other)).compute(metric, found, _ -> {}));
    }

    @Test
    void seesThatAnObjectIsGone() {
        objects.put("a.csv", "g\na\n");
        Metric metric = TestMetric.of("a.csv").groupBy("g").count();
        List<StoredObject> found = objects.find(metric.dataset());
        bucket.delete("a.csv");

        assertThatExceptionOfType(ObjectChangedException.class)
                .isThrownBy(() -> engine().compute(metric, found, _ -> {}));
    }

    private double fallbacks() {
        return registry.find("tally.analytics.clickhouse.fallbacks").counters().stream()
                .mapToDouble(counter -> counter.count()).sum();
    }
}
