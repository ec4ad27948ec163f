package dev.tally.analytics;

import static dev.tally.analytics.TestStore.dataset;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;

import dev.tally.platform.problem.ProblemException;
import dev.tally.testsupport.Fault;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;

/** Whatever breaks on the way: the bytes are those of the object, or there is an exception. */
class ObjectPartsPropertiesTest {
    private static final int ROOM_FOR_ALL = 20;
    private static final TestStore S3 = new TestStore();

    /** At which of the next requests what happens. */
    record Break(int skipped, Fault fault) {}

    @AfterContainer
    static void stop() throws IOException {
        S3.close();
    }

    @Provide
    Arbitrary<List<Break>> breaks() {
        Arbitrary<Integer> ofAnswer = Arbitraries.integers().between(0, 400);
        Arbitrary<Integer> ofBody = Arbitraries.integers().between(0, 120);
        Arbitrary<Fault> fault = Arbitraries.oneOf(ofAnswer.map(Fault::cut), ofAnswer.map(Fault::reset),
                ofBody.map(Fault::cutBody), ofBody.map(Fault::resetBody),
                Arbitraries.of(500, 503, 429).map(Fault::status));
        return Combinators.combine(Arbitraries.integers().between(0, 10), fault).as(Break::new).list().ofMaxSize(6);
    }

    @Property(tries = 150)
    void givesTheObjectOrNothing(@ForAll("breaks") List<Break> breaks, @ForAll @IntRange(min = 1, max = 900) int size,
            @ForAll @IntRange(min = 40, max = 300) int partBytes, @ForAll @IntRange(max = 900) int skipped,
            @ForAll boolean fewTries) {
        byte[] bytes = ObjectPartsTest.bytes(size, size);
        S3.proxy.reset();
        S3.put("random.csv", bytes);
        StoreConfig config = StoreConfigForTests.SMALL.withPartBytes(partBytes)
                .withMaxTries(fewTries ? 2 : ROOM_FOR_ALL);
        AnalyticsStore store = S3.with(config);
        StoredObject object = store.find(dataset("random.csv")).getFirst();
        breaks.forEach(it -> {
            S3.proxy.plan(it.skipped(), _ -> true, Fault.first(() -> {}));
            S3.proxy.plan(1, _ -> true, it.fault());
        });
        int from = Math.min(skipped, size);

        try (ObjectParts parts = store.open(object, from, _ -> {})) {
            byte[] read = ObjectPartsTest.read(parts);

            assertThat(read).isEqualTo(Arrays.copyOfRange(bytes, from, size));
        } catch (ProblemException e) {
            assertThat(fewTries).as("%s", e.getMessage()).isTrue();
        }
    }
}
