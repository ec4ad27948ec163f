package dev.tally.records;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import jakarta.inject.Inject;

import org.junit.jupiter.api.Test;

import dev.tally.testsupport.NeedsClickHouse;
import io.quarkus.test.junit.QuarkusTest;

/** The numbers of loads, of which the higher one holds. */
@QuarkusTest
@NeedsClickHouse
class RecordNumbersTest {
    private static final int PROCESSES = 8;
    private static final int ROUNDS = 50;

    @Inject
    RecordLoadQueries loads;

    @Test
    void areHigherThanWhatThereIsAndNeverGivenTwiceHoweverManyGoOnAtOnce() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            long newest = loads.nextNumber() + 10;

            List<Long> numbers = goOnAtOnce(newest);

            assertThat(numbers).doesNotHaveDuplicates().allSatisfy(number -> assertThat(number).isGreaterThan(newest));
        }
    }

    private List<Long> goOnAtOnce(long newest) throws Exception {
        CyclicBarrier start = new CyclicBarrier(PROCESSES);
        List<Long> numbers = new ArrayList<>();
        Callable<Long> process = () -> {
            start.await(30, TimeUnit.SECONDS);
            loads.goOnFrom(newest);
            return loads.nextNumber();
        };
        try (ExecutorService threads = Executors.newFixedThreadPool(PROCESSES)) {
            for (Future<Long> number : threads.invokeAll(Collections.nCopies(PROCESSES, process))) {
                numbers.add(number.get());
            }
        }
        return numbers;
    }
}
