package dev.tally.analytics;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import dev.tally.platform.ending.ProcessDraining;
import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;
import dev.tally.platform.tracing.Spans;

/** Has datasets read, a few at a time, each reading on a thread of its own and for a bounded time. */
@ApplicationScoped
class Readings {
    private final Engines engines;
    private final AnalyticsMetrics metrics;
    private final AnalyticsConfig config;
    private final Semaphore room;
    private volatile boolean stopping;

    Readings(Engines engines, AnalyticsMetrics metrics, AnalyticsConfig config) {
        this.engines = engines;
        this.metrics = metrics;
        this.config = config;
        // In the order in which they came.
        this.room = new Semaphore(config.maxReadings(), true);
    }

    /** How a reading has ended; told before whoever waits for it is. */
    interface Ended {
        Answered read(Reading reading, Figures figures);

        void failed(Reading reading, Throwable fault);
    }

    Reading of(Metric metric, DatasetVersion version, long number) {
        return new Reading(metric, version, number, this::check);
    }

    /** Begins it when there is room. */
    void start(Reading reading, Ended ended) {
        // Not a virtual thread: an engine may scan on it, and those are few.
        Thread.ofPlatform().daemon().name("analytics-reading").start(Spans.carried(() -> run(reading, ended)));
    }

    @SuppressWarnings("IllegalCatch") // Whatever happens, whoever waits is told.
    private void run(Reading reading, Ended ended) {
        Answered answered;
        try {
            if (!room.tryAcquire(config.waitSeconds(), TimeUnit.SECONDS)) {
                throw tooMany();
            }
            try {
                reading.begin();
                answered = ended.read(reading, compute(reading));
            } finally {
                room.release();
            }
        } catch (Throwable fault) {
            if (fault instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            ended.failed(reading, fault);
            reading.result().completeExceptionally(fault);
            return;
        }
        reading.result().complete(answered);
    }

    private Figures compute(Reading reading) {
        Metric metric = reading.metric();
        String outcome = "failed";
        try {
            Engine engine = engines.of(metric.dataset());
            Figures figures = engine.compute(metric, reading.version().objects(), reading);
            outcome = "ok";
            metrics.rows(metric, figures);
            metrics.data(metric, reading.version());
            return figures;
        } catch (ObjectChangedException e) {
            outcome = "changed";
            throw e;
        } finally {
            metrics.reading(metric, outcome, reading.nanos());
        }
    }

    /** Throws when a reading is to end. */
    private void check(Reading reading) {
        if (stopping) {
            throw new ProblemException(ProblemCode.OVERLOADED, "The service is ending. Ask again.");
        }
        if (reading.nanos() >= TimeUnit.SECONDS.toNanos(config.maxReadingSeconds())) {
            Dataset dataset = reading.metric().dataset();
            throw new ProblemException(
                    dataset.engine() == EngineKind.EMBEDDED
                            ? ProblemCode.STORE_UNAVAILABLE
                            : ProblemCode.ENGINE_UNAVAILABLE,
                    "Reading the dataset " + dataset.name() + " was given up after " + config.maxReadingSeconds()
                            + " seconds, when " + reading.percent() + " percent were read.");
        }
    }

    static ProblemException tooMany() {
        return new ProblemException(ProblemCode.TOO_MANY_READINGS,
                "The service reads as many datasets as it can at a time. Ask again later.");
    }

    /** Whoever waits for a reading that may take minutes is answered, and asks another process. */
    void stop(@Observes ProcessDraining event) {
        stopping = true;
    }
}
