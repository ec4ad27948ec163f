package dev.tally.records;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.tally.platform.problem.ProblemException;
import dev.tally.platform.tracing.Spans;

/**
 * Has what many ask for at once counted once, on a thread of its own: who began it may go away. It is ended when nobody waits
 * for it any more.
 */
final class SharedCounts {
    private final Counting counting;
    private final long maxWaitNanos;
    private final Map<Asked, Count> underWay = new HashMap<>();

    /** @param maxWait of each who asks, whoever began the count */
    SharedCounts(Counting counting, Duration maxWait) {
        this.counting = counting;
        this.maxWaitNanos = maxWait.toNanos();
    }

    /** Counts, and ends soon after its thread is interrupted. */
    @FunctionalInterface
    interface Counting {
        RecordQueries.Total count(Asked asked);
    }

    /**
     * What is asked for. Only who has seen the table in the same state shares a count: one that began before the table
     * changed would lack what whoever asks now has seen already.
     */
    record Asked(RecordSearch search, long state) {}

    /** A count under way; the map's lock guards who waits. */
    private static final class Count {
        private final FutureTask<RecordQueries.Total> task;
        private int waiting;

        Count(FutureTask<RecordQueries.Total> task) {
            this.task = task;
        }
    }

    /** @param begun whether it was begun for this one who waits */
    private record Seat(Count count, boolean begun) {}

    /**
     * Counts, or waits for who does so already.
     *
     * @throws ProblemException when it cannot be counted, takes too long, or this thread is interrupted
     */
    RecordQueries.Total count(Asked asked) {
        long deadline = System.nanoTime() + maxWaitNanos;
        Seat seat = join(asked);
        try {
            return await(asked, seat.count(), deadline);
        } catch (ExecutionException e) {
            if (seat.begun()) {
                throw failed(e);
            }
            // It was begun for another, perhaps long ago: what went wrong with it need not go wrong now.
        }
        try {
            return await(asked, join(asked).count(), deadline);
        } catch (ExecutionException e) {
            throw failed(e);
        }
    }

    private Seat join(Asked asked) {
        synchronized (underWay) {
            Count known = underWay.get(asked);
            if (known != null && !known.task.isDone()) {
                known.waiting++;
                return new Seat(known, false);
            }
            Count own = new Count(new FutureTask<>(() -> counting.count(asked)));
            own.waiting++;
            underWay.put(asked, own);
            Thread unused = Thread.ofVirtual().name("records-count").start(Spans.carried(own.task));
            return new Seat(own, true);
        }
    }

    private RecordQueries.Total await(Asked asked, Count count, long deadline) throws ExecutionException {
        try {
            return count.task.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw RecordFaults.unavailable("took too long", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw RecordFaults.unavailable("was not waited for", e);
        } finally {
            leave(asked, count);
        }
    }

    private void leave(Asked asked, Count count) {
        synchronized (underWay) {
            count.waiting--;
            if (count.waiting == 0) {
                boolean unused = count.task.cancel(true);
                underWay.remove(asked, count);
            }
        }
    }

    /** Each who waits gets a fault of its own: what becomes of it is added to it. */
    private static RuntimeException failed(ExecutionException fault) {
        return fault.getCause() instanceof ProblemException problem
                ? new ProblemException(problem.code(), problem.detail(), problem)
                : new IllegalStateException("Records could not be counted", fault);
    }
}
