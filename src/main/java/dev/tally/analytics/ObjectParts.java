package dev.tally.analytics;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;
import dev.tally.platform.tracing.Spans;

/**
 * The parts of an object, in order, fetched ahead in parallel: each by a virtual thread, into one of a few buffers that go
 * round. A fault of one part ends the reading.
 */
final class ObjectParts implements AutoCloseable {
    private final StoredObject object;
    private final long from;
    private final int partBytes;
    private final int maxBuffers;
    private final Fetch fetch;
    private final Engine.Progress progress;
    private final @Nullable EtagCheck check;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<byte[]> freeBuffers = new ArrayDeque<>();
    /** Begun and not given out, in order. */
    private final Deque<Coming> coming = new ArrayDeque<>();
    private final Set<Thread> fetching = new HashSet<>();
    private int buffers;
    private long begun;
    private int given;
    private @Nullable Throwable failure;
    private boolean closed;

    /** Gets what a stretch lacks, or throws; an interrupt ends it. */
    @FunctionalInterface
    interface Fetch {
        void fill(Stretch stretch);
    }

    ObjectParts(StoredObject object, long from, StoreConfig config, Fetch fetch, Engine.Progress progress) {
        if (from < 0 || from > object.sizeBytes()) {
            throw new IllegalArgumentException("An object of " + object.sizeBytes() + " bytes has no offset " + from);
        }
        this.object = object;
        this.from = from;
        this.fetch = fetch;
        this.progress = progress;
        this.check = config.verifyMd5() ? EtagCheck.of(object).orElse(null) : null;
        this.begun = check == null ? from : 0;
        this.partBytes = (int) Math.min(config.partBytes(), object.sizeBytes() - begun);
        this.maxBuffers = config.partsAhead();
        lock.lock();
        try {
            fetchAhead();
        } finally {
            lock.unlock();
        }
    }

    /**
     * The next part, or nothing at the end of the object; waits for it. Several threads may take parts: each part is given
     * once. Who holds as many parts as there are buffers, and asks for one more, waits until a part is released.
     *
     * @throws ObjectChangedException when the object is no longer this version
     * @throws ProblemException when the store does not give it
     * @throws IllegalStateException when it is closed
     */
    Optional<Part> next() {
        lock.lock();
        try {
            while (true) {
                throwIfEnded();
                Coming first = coming.peek();
                if (first == null && begun == object.sizeBytes()) {
                    compareAtTheEnd();
                    return Optional.empty();
                }
                if (first == null || !first.whole) {
                    changed.await();
                    continue;
                }
                coming.remove();
                if (check != null) {
                    check.update(first.stretch);
                }
                if (first.stretch.offset() >= from) {
                    return Optional.of(new Part(given++, first.stretch));
                }
                takeBack(first.stretch.bytes());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ProblemException(ProblemCode.STORE_UNAVAILABLE, "The service is ending.", e);
        } finally {
            lock.unlock();
        }
    }

    /** Ends the fetching: threads are interrupted, which closes the connections that they wait for. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            end();
        } finally {
            lock.unlock();
        }
    }

    private void throwIfEnded() {
        if (closed) {
            throw new IllegalStateException("The parts of " + object.key() + " are closed");
        }
        switch (failure) {
            case null -> {
                // Goes on.
            }
            case Error error -> throw error;
            case RuntimeException exception -> throw exception;
            default -> throw new IllegalStateException(failure);
        }
    }

    private void compareAtTheEnd() {
        if (check != null && !check.holds()) {
            failure = new ProblemException(ProblemCode.STORE_UNAVAILABLE,
                    "What the store gave of " + object.key() + " is not what it has: it was corrupted on the way.");
            throwIfEnded();
        }
    }

    /** As far as there are buffers. */
    private void fetchAhead() {
        while (!ended() && begun < object.sizeBytes() && (buffers < maxBuffers || !freeBuffers.isEmpty())) {
            // So that a part begins where the caller's do.
            long end = begun < from ? from : object.sizeBytes();
            int length = (int) Math.min(partBytes, end - begun);
            Coming part = new Coming(new Stretch(begun, length, buffer()));
            begun += length;
            coming.add(part);
            Thread thread = Thread.ofVirtual().name("analytics-part-" + part.stretch.offset())
                    .unstarted(Spans.carried(() -> fetch(part)));
            fetching.add(thread);
            thread.start();
        }
    }

    private byte[] buffer() {
        byte[] free = freeBuffers.poll();
        if (free != null) {
            return free;
        }
        buffers++;
        return new byte[partBytes];
    }

    private void fetch(Coming part) {
        Throwable fault = null;
        try {
            fetch.fill(part.stretch);
            if (part.stretch.offset() >= from) {
                progress.advanced(part.stretch.length());
            }
        } catch (RuntimeException | Error e) {
            fault = e;
        }
        lock.lock();
        try {
            fetching.remove(Thread.currentThread());
            if (fault == null) {
                part.whole = true;
            } else if (!ended()) {
                failure = fault;
                end();
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private boolean ended() {
        return closed || failure != null;
    }

    private void end() {
        fetching.forEach(Thread::interrupt);
        coming.clear();
        freeBuffers.clear();
        changed.signalAll();
    }

    private void takeBack(byte[] buffer) {
        if (!ended()) {
            freeBuffers.add(buffer);
            fetchAhead();
            changed.signalAll();
        }
    }

    private static final class Coming {
        private final Stretch stretch;
        private boolean whole;

        Coming(Stretch stretch) {
            this.stretch = stretch;
        }
    }

    /** One stretch of the object, whole. Its bytes are those in front of the buffer. */
    final class Part {
        private final int index;
        private final Stretch stretch;
        private boolean released;

        private Part(int index, Stretch stretch) {
            this.index = index;
            this.stretch = stretch;
        }

        /** Which it is of the parts that are given, from 0. */
        int index() {
            return index;
        }

        /** Where it begins in the object. */
        long offset() {
            return stretch.offset();
        }

        /** The first {@link #length()} are the part's, until it is released. */
        byte[] bytes() {
            return stretch.bytes();
        }

        int length() {
            return stretch.length();
        }

        /** Gives the buffer back. */
        void release() {
            lock.lock();
            try {
                if (!released) {
                    released = true;
                    takeBack(stretch.bytes());
                }
            } finally {
                lock.unlock();
            }
        }
    }
}
