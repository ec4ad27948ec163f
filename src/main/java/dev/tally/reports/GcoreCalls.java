package dev.tally.reports;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import dev.tally.reports.GcoreException.Kind;
import dev.tally.reports.GcoreFault.Outcome;
import io.micrometer.core.instrument.MeterRegistry;

/** Requests to Gcore: so many at once, measured, behind the circuit breaker, and what fails is a {@link GcoreException}. */
final class GcoreCalls {
    private static final Logger LOG = Logger.getLogger(GcoreCalls.class);

    private final GcoreConfig config;
    private final Clock clock;
    private final MeterRegistry registry;
    private final Waiter waiter;
    private final GcoreBreaker breaker;
    private final Semaphore permits;

    /** How time is let pass before the next try. */
    interface Waiter {
        void await(Duration time) throws InterruptedException;
    }

    GcoreCalls(GcoreConfig config, Clock clock, MeterRegistry registry, Waiter waiter) {
        this.config = config;
        this.clock = clock;
        this.registry = registry;
        this.waiter = waiter;
        this.breaker = new GcoreBreaker(config.breaker(), clock, registry, GcoreFault::isOutage);
        this.permits = new Semaphore(config.maxConcurrentRequests(), true);
    }

    /** A request that is made again when Gcore was busy or failed, and when nothing happens twice by that. */
    <T> T retried(GcoreOperation operation, Supplier<T> request) {
        for (int tries = 1;; tries++) {
            try {
                return once(operation, request);
            } catch (GcoreException e) {
                boolean mayRepeat = operation.isRepeatable() || !e.mayHaveHappened();
                Duration wait = e.retryAfter().orElseGet(this::backoff);
                if (e.kind() != Kind.UNAVAILABLE || !mayRepeat || tries >= config.maxTries()
                        || wait.compareTo(Duration.ofSeconds(config.maxRetryWaitSeconds())) > 0) {
                    throw e;
                }
                await(wait);
            }
        }
    }

    /** A request that is made once. */
    <T> T once(GcoreOperation operation, Supplier<T> request) {
        return streamed(operation, request, answer -> answer);
    }

    /** A request whose answer is read while it comes. It counts as under way until it is read. */
    <T> T download(GcoreOperation operation, Supplier<InputStream> request, Function<InputStream, T> reader) {
        return streamed(operation, request, answer -> read(operation, answer, reader));
    }

    private <A, T> T streamed(GcoreOperation operation, Supplier<A> request, Function<A, T> reader) {
        acquire();
        try {
            return measured(operation, () -> {
                A answer = breaker.call(request);
                return reader.apply(answer);
            });
        } finally {
            permits.release();
        }
    }

    private <T> T measured(GcoreOperation operation, Supplier<T> call) {
        long begin = System.nanoTime();
        try {
            T result = call.get();
            record(operation, Outcome.OK, begin);
            return result;
        } catch (GcoreException e) {
            // Of the breaker: nothing was asked.
            throw e;
        } catch (ReaderException e) {
            record(operation, Outcome.OK, begin);
            throw e.fault;
        } catch (RuntimeException e) {
            GcoreFault fault = GcoreFault.of(operation, e, clock.instant());
            record(operation, fault.outcome(), begin);
            say(operation, fault.exception());
            throw fault.exception();
        }
    }

    /** Whatever the reader made of it: when the body broke off, nothing of it counts. */
    private static <T> T read(GcoreOperation operation, InputStream answer, Function<InputStream, T> reader) {
        try (Body body = new Body(answer)) {
            RuntimeException fault = null;
            @Nullable
            T result = null;
            try {
                result = reader.apply(body);
            } catch (RuntimeException e) {
                fault = e;
            }
            if (body.failure != null) {
                throw new BrokenOffException(operation, body.failure);
            }
            if (fault != null || result == null) {
                throw new ReaderException(fault == null ? new NullPointerException("A reader gave null") : fault);
            }
            return result;
        }
    }

    private void record(GcoreOperation operation, Outcome outcome, long begin) {
        registry.timer("tally.gcore.requests", "operation", operation.tag(), "outcome", outcome.tag())
                .record(System.nanoTime() - begin, TimeUnit.NANOSECONDS);
    }

    /** Gcore's own words are for the log, and those about log-ins not even for that: who knows what they repeat. */
    private static void say(GcoreOperation operation, GcoreException exception) {
        if (exception.kind() == Kind.REFUSED && exception.getCause() instanceof GcoreAnswer answer) {
            LOG.infof("Gcore was asked %s and answered %s: %s", operation.asked(), answer.status(), answer.words());
        }
    }

    private void acquire() {
        try {
            if (!permits.tryAcquire(config.requestTimeoutSeconds(), TimeUnit.SECONDS)) {
                throw GcoreException.unavailable("Too many requests to Gcore are under way.", Optional.empty(), null);
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private Duration backoff() {
        int shortest = config.minBackoffMillis();
        int longest = Math.max(shortest, config.maxBackoffMillis());
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(shortest, longest + 1L));
    }

    private void await(Duration wait) {
        try {
            waiter.await(wait);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static GcoreException interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return GcoreException.unavailable("The service is ending.", Optional.empty(), cause);
    }

    /** Remembers that it broke off, in case its reader does not. */
    private static final class Body extends FilterInputStream {
        private @Nullable IOException failure;

        Body(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            try {
                return super.read();
            } catch (IOException e) {
                failure = e;
                throw e;
            }
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            try {
                return super.read(bytes, offset, length);
            } catch (IOException e) {
                failure = e;
                throw e;
            }
        }

        @Override
        public void close() {
            try {
                super.close();
            } catch (IOException e) {
                LOG.debug("The rest of a download broke off; nobody wants it", e);
            }
        }
    }

    private static final class BrokenOffException extends RuntimeException {
        private static final long serialVersionUID = 1;

        BrokenOffException(GcoreOperation operation, IOException cause) {
            super("Broke off: " + operation.tag(), cause);
        }
    }

    /** Carries what a reader threw past what is for Gcore's own faults. */
    private static final class ReaderException extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final transient RuntimeException fault;

        ReaderException(RuntimeException fault) {
            super(null, null, false, false);
            this.fault = fault;
        }
    }
}
