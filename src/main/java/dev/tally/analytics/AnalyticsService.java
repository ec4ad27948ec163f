package dev.tally.analytics;

import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

import jakarta.enterprise.context.ApplicationScoped;

import dev.tally.analytics.AnalyticsMetrics.Source;
import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;

/**
 * Answers the metrics of the catalogue. Figures are kept as long as the objects behind them are the same, which the store is
 * asked now and then; many who ask at once cause one reading.
 */
@ApplicationScoped
class AnalyticsService {
    private final AnalyticsConfig config;
    private final AnalyticsMetrics metrics;
    private final Map<String, FoundObjects> foundByDataset = new HashMap<>();
    private final Map<String, MetricFigures> figuresByMetric = new HashMap<>();

    AnalyticsService(Catalogue catalogue, ObjectFinder finder, Readings readings, AnalyticsMetrics metrics,
            AnalyticsConfig config, Clock clock) {
        this.config = config;
        this.metrics = metrics;
        Duration valid = Duration.ofSeconds(config.revalidateSeconds());
        Duration failureValid = Duration.ofSeconds(config.failureSeconds());
        Duration faultValid = valid.compareTo(failureValid) < 0 ? valid : failureValid;
        for (Metric metric : catalogue.metrics()) {
            Dataset dataset = metric.dataset();
            foundByDataset.computeIfAbsent(dataset.name(),
                    _ -> new FoundObjects(dataset, finder, clock, valid, faultValid));
            figuresByMetric.put(metric.name(), new MetricFigures(metric, readings, clock, failureValid));
        }
    }

    /**
     * The figures of a metric of the catalogue: at once if they are there, else after they were read, but no later than a
     * request waits. Never blocks.
     *
     * @return fails with a {@link ProblemException}, or with whatever the engine failed with
     */
    CompletableFuture<Answered> figures(Metric metric) {
        if (metric.dataset().bucket().isEmpty()) {
            metrics.answered(metric, Source.FAILED);
            return CompletableFuture.failedFuture(new ProblemException(ProblemCode.ANALYTICS_NOT_CONFIGURED,
                    "The service has no bucket to read the dataset " + metric.dataset().name()
                            + " from. Its operator sets S3_BUCKET."));
        }
        Optional<Answered> kept = found(metric).fresh().flatMap(figures(metric.name())::of);
        if (kept.isPresent()) {
            metrics.answered(metric, Source.CACHE);
            return CompletableFuture.completedFuture(kept.get());
        }
        AtomicReference<Source> source = new AtomicReference<>(Source.CACHE);
        // A copy: who waits no longer does not end what others wait for.
        return current(metric, source, 1).copy().orTimeout(config.waitSeconds(), TimeUnit.SECONDS)
                .exceptionallyCompose(fault -> CompletableFuture.failedFuture(translated(metric, cause(fault))))
                .whenComplete((_, fault) -> metrics.answered(metric, fault == null ? source.get() : Source.FAILED));
    }

    /** The same, however long it takes. */
    CompletableFuture<Answered> refreshed(Metric metric) {
        return current(metric, new AtomicReference<>(Source.CACHE), 1);
    }

    private CompletableFuture<Answered> current(Metric metric, AtomicReference<Source> source, int tries) {
        return found(metric).current()
                .thenCompose(version -> {
                    MetricFigures.Asked asked = figures(metric.name()).ask(version);
                    source.set(asked.source());
                    return asked.answer().exceptionallyCompose(fault -> cause(fault) instanceof ObjectChangedException
                            ? again(metric, version, source, tries)
                            : CompletableFuture.failedFuture(cause(fault)));
                });
    }

    private CompletableFuture<Answered> again(Metric metric, DatasetVersion changed, AtomicReference<Source> source,
            int tries) {
        found(metric).forget(changed);
        if (tries < config.maxTries()) {
            return current(metric, source, tries + 1);
        }
        ProblemException fault = new ProblemException(ProblemCode.DATASET_CHANGING, "The dataset "
                + metric.dataset().name() + " was written anew each of the " + tries + " times that it was read.");
        figures(metric.name()).remember(changed, fault);
        return CompletableFuture.failedFuture(fault);
    }

    /** What a request is told that has waited for as long as it may. */
    private Throwable translated(Metric metric, Throwable fault) {
        if (!(fault instanceof TimeoutException)) {
            return fault;
        }
        String dataset = "The dataset " + metric.dataset().name();
        Optional<Reading> reading = figures(metric.name()).reading();
        if (reading.isEmpty()) {
            return new ProblemException(ProblemCode.ANALYTICS_NOT_READY,
                    dataset + " is being looked for in its store. Ask again.");
        }
        if (!reading.get().hasBegun()) {
            return Readings.tooMany();
        }
        return new ProblemException(ProblemCode.ANALYTICS_NOT_READY, dataset + " is being read: "
                + reading.get().percent() + " percent of " + reading.get().version().sizeBytes() + " bytes after "
                + reading.get().seconds() + " seconds. Ask again.");
    }

    private static Throwable cause(Throwable fault) {
        Throwable cause = fault.getCause();
        return fault instanceof CompletionException && cause != null ? cause : fault;
    }

    private FoundObjects found(Metric metric) {
        return Objects.requireNonNull(foundByDataset.get(metric.dataset().name()));
    }

    private MetricFigures figures(String metric) {
        return Objects.requireNonNull(figuresByMetric.get(metric));
    }
}
