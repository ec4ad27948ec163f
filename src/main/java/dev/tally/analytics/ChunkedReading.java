package dev.tally.analytics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import dev.tally.platform.csv.CsvScanner;
import dev.tally.platform.csv.RowBatch;
import dev.tally.platform.tracing.Spans;

/**
 * Reads the rows of one file with several threads. Each takes the next stretch, takes the first line feed in it for the end
 * of a row, and tallies what follows. Whether it was one is known when the stretch before has been read: then what is left
 * of that and the begin of this one are exactly one row. When they are not, because the line feed stood in quotation marks,
 * the stretch is read once more from where it really begins. So the figures never depend on where the file was cut.
 */
final class ChunkedReading {
    private final Chunks chunks;
    private final RowPlan plan;
    private final Supplier<RowTally> tallies;
    private final int maxRowBytes;
    private final LongFunction<RuntimeException> tooLong;

    private final ReentrantLock source = new ReentrantLock();
    private Optional<Chunks.Chunk> first;
    private int taken;

    private final ReentrantLock joint = new ReentrantLock();
    private final Condition oneMoreJoined = joint.newCondition();
    private int joined;
    /** Of all stretches that were joined. */
    private final RowTally all;
    /** The begin of a row of which the end comes with the next stretch. */
    private byte[] rest = {};
    /** For the rows at the joints. */
    private final CsvScanner scanner;
    private final RowBatch batch;
    private volatile @Nullable Throwable failure;

    /**
     * @param first the stretch that begins with the first row
     * @param linesBefore that
     * @param chunks what follows
     * @param maxRowBytes beyond which a row is a sign that a quotation mark is not closed
     * @param tooLong makes what is then thrown, of the row's line
     */
    ChunkedReading(Chunks.Chunk first, long linesBefore, Chunks chunks, RowPlan plan, Supplier<RowTally> tallies,
            int maxRowBytes, LongFunction<RuntimeException> tooLong) {
        this.first = Optional.of(first);
        this.chunks = chunks;
        this.plan = plan;
        this.tallies = tallies;
        this.maxRowBytes = maxRowBytes;
        this.tooLong = tooLong;
        this.scanner = plan.scanner();
        this.batch = plan.batch();
        this.all = tallies.get();
        all.skipLines(linesBefore);
    }

    /**
     * Reads all, once.
     *
     * @param threads how many, this one included; it should be one of the platform's, because it does not wait but work
     */
    RowTally read(int threads) {
        List<Thread> others = new ArrayList<>();
        for (int i = 1; i < threads; i++) {
            others.add(Thread.ofPlatform().name("csv-", i).daemon().start(Spans.carried(this::work)));
        }
        work();
        for (Thread other : others) {
            awaitEnd(other);
        }
        rethrow(failure);
        tally(scanner, batch, all, rest, 0, rest.length, true);
        return all;
    }

    private void awaitEnd(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            fail(e);
            Thread.currentThread().interrupt();
        }
    }

    private static void rethrow(@Nullable Throwable failure) {
        switch (failure) {
            case null -> {
            }
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException(failure);
        }
    }

    private void work() {
        try {
            Worker worker = new Worker();
            while (worker.readNext()) {
                // Until there is none left.
            }
        } catch (Throwable e) {
            fail(e);
        }
    }

    private void fail(Throwable fault) {
        joint.lock();
        try {
            if (failure == null) {
                failure = fault;
            }
            oneMoreJoined.signalAll();
        } finally {
            joint.unlock();
        }
    }

    /** @return where the row begins that is not complete; the end, when there is none */
    private int tally(CsvScanner by, RowBatch into, RowTally tally, byte[] bytes, int from, int to, boolean last) {
        int position = from;
        do {
            int next = by.scan(bytes, position, to, last, into);
            add(into, tally, bytes, position);
            position = next;
        } while (into.isFull());
        return position;
    }

    /** One of the threads. */
    private final class Worker {
        private final CsvScanner scanner = plan.scanner();
        private final RowBatch batch = plan.batch();
        private final RowTally tally = tallies.get();

        /** @return false when there was no stretch left */
        boolean readNext() throws InterruptedException {
            int number;
            Optional<Chunks.Chunk> next;
            source.lock();
            try {
                next = first.isPresent() ? first : failure == null ? chunks.next() : Optional.empty();
                first = Optional.empty();
                number = taken++;
            } finally {
                source.unlock();
            }
            if (next.isEmpty()) {
                return false;
            }
            Chunks.Chunk chunk = next.get();
            try {
                int begin = number == 0 ? chunk.start() : behindLineFeed(chunk);
                join(number, chunk, begin, begin < chunk.end() || number == 0 ? tallyRows(chunk, begin) : -1);
            } finally {
                chunk.giveBack();
            }
            return failure == null;
        }

        private static int behindLineFeed(Chunks.Chunk chunk) {
            for (int i = chunk.start(); i < chunk.end(); i++) {
                if (chunk.bytes()[i] == '\n') {
                    return i + 1;
                }
            }
            return chunk.end();
        }

        /** @return where the row begins that is not complete; -1 when there is a fault, which need not be the file's */
        private int tallyRows(Chunks.Chunk chunk, int begin) {
            tally.clear();
            try {
                return tally(scanner, batch, tally, chunk.bytes(), begin, chunk.end(), false);
            } catch (RuntimeException mayBeginElsewhere) {
                // Read from where it really begins, it shows whether there is a fault.
                return -1;
            }
        }

        private void join(int number, Chunks.Chunk chunk, int begin, int end) throws InterruptedException {
            joint.lockInterruptibly();
            try {
                while (joined != number && failure == null) {
                    oneMoreJoined.await();
                }
                if (failure == null) {
                    append(chunk, begin, end, tally);
                    joined++;
                    oneMoreJoined.signalAll();
                }
            } finally {
                joint.unlock();
            }
        }
    }

    private void append(Chunks.Chunk chunk, int begin, int end, RowTally tally) {
        if (end >= 0 && completesRest(chunk, begin)) {
            all.append(tally);
            rest = Arrays.copyOfRange(chunk.bytes(), end, chunk.end());
        } else {
            byte[] bytes = withRest(chunk, chunk.end());
            int left = tally(scanner, batch, all, bytes, 0, bytes.length, false);
            rest = Arrays.copyOfRange(bytes, left, bytes.length);
        }
        if (rest.length > maxRowBytes) {
            throw tooLong.apply(all.nextLine());
        }
    }

    /** So that a row is too long wherever the file was cut. */
    private void add(RowBatch scanned, RowTally tally, byte[] bytes, int from) {
        if (scanned.longestBytes() > maxRowBytes) {
            long line = tally.nextLine();
            for (int i = from; i < scanned.longestStart(); i++) {
                line += bytes[i] == '\n' ? 1 : 0;
            }
            throw tooLong.apply(line);
        }
        tally.add(plan, bytes, from, scanned);
    }

    /** Whether the begin of the stretch is the end of the row before; that is then tallied. */
    private boolean completesRest(Chunks.Chunk chunk, int begin) {
        if (joined == 0) {
            return true;
        }
        byte[] row = withRest(chunk, begin);
        if (scanner.scan(row, 0, row.length, false, batch) < row.length) {
            return false;
        }
        add(batch, all, row, 0);
        return true;
    }

    private byte[] withRest(Chunks.Chunk chunk, int end) {
        byte[] bytes = Arrays.copyOf(rest, rest.length + end - chunk.start());
        System.arraycopy(chunk.bytes(), chunk.start(), bytes, rest.length, end - chunk.start());
        return bytes;
    }
}
