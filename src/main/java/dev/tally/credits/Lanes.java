package dev.tally.credits;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;

/**
 * What waits for a worker. Things of one lane are taken in the order in which they came, and by one worker at a time. A
 * worker takes as much as it may, because a batch costs more than what is in it; a second one begins beside it when enough
 * has come, or when the first takes long, so that nobody is held up for long by another's lane.
 */
final class Lanes<T> {
    private static final int LANES = 64;

    private final Bounds bounds;
    private final Lock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Lane<T>> lanes = IntStream.range(0, LANES).mapToObj(number -> new Lane<T>()).toList();
    private int next;
    private int workers;
    private int working;
    private int waiting;
    /** Those of them whose lanes no worker has. */
    private int ready;

    Lanes(Bounds bounds) {
        this.bounds = bounds;
    }

    /**
     * How much at once.
     *
     * @param maxWorkers how many take at once
     * @param maxWaiting in all lanes
     * @param minBeside how many have to wait before a worker begins beside another
     * @param maxPatienceMillis how long it leaves fewer to the other
     */
    record Bounds(int maxWorkers, int maxBatch, int maxWaiting, int minBeside, int maxPatienceMillis) {}

    /** What became of what came. */
    enum Added {
        REFUSED, WAITS,
        /** And it has to be seen to that one more worker takes. */
        NEEDS_WORKER
    }

    /** What a worker took, and has until it takes again. */
    record Batch<T>(List<T> items, List<Lane<T>> lanes) {
        static <T> Batch<T> none() {
            return new Batch<>(List.of(), List.of());
        }
    }

    static final class Lane<T> {
        private final Deque<T> items = new ArrayDeque<>();
        private boolean taken;

        private Lane() {}
    }

    /** @param key any number; the same for what is to stay in order */
    Added add(long key, T item) {
        lock.lock();
        try {
            if (waiting >= bounds.maxWaiting()) {
                return Added.REFUSED;
            }
            Lane<T> lane = lanes.get(Math.floorMod(Long.hashCode(key), LANES));
            lane.items.add(item);
            waiting++;
            if (!lane.taken) {
                ready++;
                changed.signal();
            }
            return lane.taken ? Added.WAITS : oneMore();
        } finally {
            lock.unlock();
        }
    }

    private Added oneMore() {
        if (workers == bounds.maxWorkers()) {
            return Added.WAITS;
        }
        workers++;
        return Added.NEEDS_WORKER;
    }

    /** What to do next. */
    record Next<T>(Batch<T> batch, boolean needsWorker) {}

    /** Takes what waits, and gives back the lanes of the batch before; an empty batch when the worker is to end. */
    Next<T> take(Batch<T> done) {
        lock.lock();
        try {
            giveBack(done);
            leaveFewToTheOthers();
            if (ready == 0) {
                workers--;
                return new Next<>(Batch.none(), false);
            }
            Batch<T> batch = fill();
            return new Next<>(batch, ready > 0 && oneMore() == Added.NEEDS_WORKER);
        } finally {
            lock.unlock();
        }
    }

    private void leaveFewToTheOthers() {
        long nanos = TimeUnit.MILLISECONDS.toNanos(bounds.maxPatienceMillis());
        try {
            while (ready > 0 && working > 0 && ready < bounds.minBeside() && nanos > 0) {
                nanos = changed.awaitNanos(nanos);
            }
        } catch (InterruptedException e) {
            // Nobody does that to a worker; if somebody did, those who wait are not to suffer from it.
            Thread.currentThread().interrupt();
        }
    }

    /** A worker that was needed could not be had. */
    void lost() {
        lock.lock();
        try {
            workers--;
        } finally {
            lock.unlock();
        }
    }

    private void giveBack(Batch<T> done) {
        if (!done.lanes().isEmpty()) {
            working--;
            for (Lane<T> lane : done.lanes()) {
                lane.taken = false;
                ready += lane.items.size();
            }
            changed.signalAll();
        }
    }

    /** As much as is this worker's share, of whole lanes as far as they fit. */
    private Batch<T> fill() {
        int share = Math.min(bounds.maxBatch(),
                Math.max(bounds.minBeside(), Math.ceilDiv(ready, bounds.maxWorkers() - working)));
        List<T> items = new ArrayList<>(Math.min(share, ready));
        List<Lane<T>> taken = new ArrayList<>();
        int first = next;
        for (int at = 0; at < LANES && items.size() < share; at++) {
            next = (first + at + 1) % LANES;
            Lane<T> lane = lanes.get((first + at) % LANES);
            if (!lane.taken && !lane.items.isEmpty()) {
                lane.taken = true;
                taken.add(lane);
                ready -= lane.items.size();
                while (items.size() < bounds.maxBatch() && !lane.items.isEmpty()) {
                    items.add(lane.items.remove());
                    waiting--;
                }
            }
        }
        working++;
        return new Batch<>(items, taken);
    }
}
