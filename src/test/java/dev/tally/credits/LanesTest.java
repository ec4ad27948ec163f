package dev.tally.credits;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

@Timeout(60)
class LanesTest {
    private static final int PATIENT = 60_000;

    private record Item(int key, int number) {}

    /** What must hold of any order of events: all is taken once, each key in its order and by one worker at a time. */
    @Property(tries = 30)
    void givesAllOfIt(@ForAll @IntRange(min = 1, max = 5) int workers,
            @ForAll @IntRange(min = 1, max = 20) int maxBatch,
            @ForAll @IntRange(min = 1, max = 20) int minBeside, @ForAll @IntRange(max = 1) int patienceMillis,
            @ForAll @IntRange(min = 1, max = 100) int keys) throws Exception {
        int clients = 4;
        int each = 500;
        Crew crew = new Crew(
                new Lanes<>(new Lanes.Bounds(workers, maxBatch, clients * each, minBeside, patienceMillis)));

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (int client = 0; client < clients; client++) {
                // Keys of its own, so that the order in which they come is known.
                int first = client * keys;
                all.add(threads.submit(() -> IntStream.range(0, each)
                        .forEach(number -> crew.add(new Item(first + number % keys, number)))));
            }
            for (Future<?> added : all) {
                added.get(30, TimeUnit.SECONDS);
            }
            crew.all.get(crew.tookAll(clients * each), TimeUnit.SECONDS);
        }

        assertThat(crew.faults).isEmpty();
        assertThat(crew.taken).hasSize(clients * each).doesNotHaveDuplicates();
        Map<Integer, Integer> last = new HashMap<>();
        for (Item item : crew.taken) {
            assertThat(item.number()).isGreaterThan(last.getOrDefault(item.key(), -1));
            last.put(item.key(), item.number());
        }
        assertThat(crew.largest).isLessThanOrEqualTo(maxBatch);
        assertThat(crew.most).isLessThanOrEqualTo(workers);
    }

    @Test
    void leavesFewToTheWorkerThatIsThere() {
        Lanes<Integer> lanes = new Lanes<>(new Lanes.Bounds(2, 100, 1_000, 3, PATIENT));
        assertThat(lanes.add(1, 1)).isEqualTo(Lanes.Added.NEEDS_WORKER);
        Lanes.Batch<Integer> first = lanes.take(Lanes.Batch.none()).batch();
        assertThat(lanes.add(2, 2)).isEqualTo(Lanes.Added.NEEDS_WORKER);
        CompletableFuture<Lanes.Next<Integer>> second = CompletableFuture
                .supplyAsync(() -> lanes.take(Lanes.Batch.none()));
        assertThat(lanes.add(3, 3)).isEqualTo(Lanes.Added.WAITS);

        Lanes.Batch<Integer> both = lanes.take(first).batch();

        // Either of them took both.
        List<Integer> taken = new ArrayList<>(both.items());
        taken.addAll(second.join().batch().items());
        assertThat(taken).containsExactlyInAnyOrder(2, 3);
    }

    @Test
    void beginsBesideAnotherWhenEnoughWait() {
        Lanes<Integer> lanes = new Lanes<>(new Lanes.Bounds(2, 100, 1_000, 3, PATIENT));
        lanes.add(1, 1);
        Lanes.Batch<Integer> first = lanes.take(Lanes.Batch.none()).batch();
        List.of(2, 3, 4).forEach(it -> lanes.add(it, it));

        Lanes.Batch<Integer> second = lanes.take(Lanes.Batch.none()).batch();

        assertThat(first.items()).containsExactly(1);
        assertThat(second.items()).containsExactlyInAnyOrder(2, 3, 4);
    }

    @Test
    void doesNotWaitForEverForAnother() {
        Lanes<Integer> lanes = new Lanes<>(new Lanes.Bounds(2, 100, 1_000, 3, 1));
        lanes.add(1, 1);
        lanes.take(Lanes.Batch.none());
        lanes.add(2, 2);

        assertThat(lanes.take(Lanes.Batch.none()).batch().items()).containsExactly(2);
    }

    @Test
    void sharesWhatThereIsBetweenItsWorkers() {
        Lanes<Integer> lanes = new Lanes<>(new Lanes.Bounds(2, 100, 1_000, 3, PATIENT));
        IntStream.range(0, 40).forEach(it -> lanes.add(it, it));

        Lanes.Next<Integer> first = lanes.take(Lanes.Batch.none());
        Lanes.Next<Integer> second = lanes.take(Lanes.Batch.none());

        assertThat(first.batch().items()).hasSize(20);
        assertThat(second.batch().items()).hasSize(20).doesNotContainAnyElementsOf(first.batch().items());
    }

    @Test
    void keepsALaneForTheWorkerThatHasIt() {
        Lanes<Integer> lanes = new Lanes<>(new Lanes.Bounds(2, 2, 1_000, 1, 0));
        IntStream.range(0, 5).forEach(it -> lanes.add(1, it));

        Lanes.Batch<Integer> first = lanes.take(Lanes.Batch.none()).batch();
        Lanes.Batch<Integer> none = lanes.take(Lanes.Batch.none()).batch();
        Lanes.Batch<Integer> next = lanes.take(first).batch();

        assertThat(first.items()).containsExactly(0, 1);
        assertThat(none.items()).isEmpty();
        assertThat(next.items()).containsExactly(2, 3);
    }

    /** As many workers as are needed, which check that nobody else has what they have. */
    private static final class Crew {
        final List<Item> taken = new CopyOnWriteArrayList<>();
        final List<String> faults = new CopyOnWriteArrayList<>();
        final CompletableFuture<Boolean> all = new CompletableFuture<>();
        private final Set<Integer> underWay = ConcurrentHashMap.newKeySet();
        private final Lanes<Item> lanes;
        private volatile int wanted = Integer.MAX_VALUE;
        private int working;
        int most;
        int largest;

        Crew(Lanes<Item> lanes) {
            this.lanes = lanes;
        }

        void add(Item item) {
            switch (lanes.add(item.key(), item)) {
                case REFUSED -> faults.add("refused");
                case NEEDS_WORKER -> start();
                case WAITS -> {
                }
            }
        }

        int tookAll(int count) {
            wanted = count;
            check();
            return 30;
        }

        private void check() {
            if (taken.size() >= wanted) {
                all.complete(true);
            }
        }

        private void start() {
            Thread.ofVirtual().start(this::work);
        }

        private void work() {
            Lanes.Batch<Item> batch = Lanes.Batch.none();
            do {
                Lanes.Next<Item> next = lanes.take(batch);
                batch = next.batch();
                if (next.needsWorker()) {
                    start();
                }
                Set<Integer> keys = Set.copyOf(batch.items().stream().map(Item::key).toList());
                begin(batch.items().size(), keys);
                taken.addAll(batch.items());
                end(keys);
            } while (!batch.items().isEmpty());
            check();
        }

        private synchronized void begin(int size, Set<Integer> keys) {
            largest = Math.max(largest, size);
            most = Math.max(most, ++working);
            keys.stream().filter(key -> !underWay.add(key)).forEach(key -> faults.add("two have " + key));
        }

        private synchronized void end(Set<Integer> keys) {
            working--;
            underWay.removeAll(keys);
        }
    }
}
