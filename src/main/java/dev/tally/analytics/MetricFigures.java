package dev.tally.analytics;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import dev.tally.analytics.AnalyticsMetrics.Source;
import dev.tally.platform.problem.ProblemException;

/**
 * The figures of one metric: the newest that were read, the last reading that failed, and what is being read, at most once
 * for each version of the dataset.
 */
final class MetricFigures implements Readings.Ended {
    /** What is wrong with the data, and stays so until it changes. */
    private static final int UNPROCESSABLE = 422;

    private final Metric metric;
    private final String definition;
    private final Readings readings;
    private final Clock clock;
    private final Duration failureValid;
    private final Map<String, Reading> underWay = new HashMap<>();
    private volatile @Nullable Answered newest;
    private @Nullable Failure failure;
    private long begun;
    private long newestNumber;

    /** @param until when it may be tried again; null for as long as the dataset is the same */
    private record Failure(DatasetVersion version, Throwable fault, @Nullable Instant until) {
        boolean holds(DatasetVersion now, Instant time) {
            return version.isSameAs(now) && (until == null || time.isBefore(until));
        }
    }

    /**
     * Figures that are there or will be.
     *
     * @param source where they come from if all goes well
     */
    record Asked(CompletableFuture<Answered> answer, Source source) {}

    MetricFigures(Metric metric, Readings readings, Clock clock, Duration failureValid) {
        this.metric = metric;
        this.definition = definition(metric);
        this.readings = readings;
        this.clock = clock;
        this.failureValid = failureValid;
    }

    /** What its figures depend on beside the objects, the same in every process. */
    private static String definition(Metric metric) {
        Dataset dataset = metric.dataset();
        return String.join("\n", metric.measure().text(), metric.column().toString(), metric.groupBy().toString(),
                metric.top().toString(), metric.filters().toString(), Integer.toString(metric.decimals()),
                dataset.charset().name(), dataset.delimiter().toString(), Boolean.toString(dataset.decimalComma()),
                new TreeMap<>(dataset.aliases()).toString());
    }

    /** The figures of that version, if they are there. */
    @SuppressWarnings("ReferenceEquality") // Equal ones need not be compared object by object.
    Optional<Answered> of(DatasetVersion version) {
        Answered known = newest;
        if (known == null || !known.version().isSameAs(version)) {
            return Optional.empty();
        }
        // What else the store says of the objects, such as when they were written, is shown as it is now.
        return Optional.of(known.version() == version
                ? known
                : new Answered(known.figures(), version, known.state()));
    }

    /** The figures of that version, which are read if they have to be. */
    synchronized Asked ask(DatasetVersion version) {
        Optional<Answered> known = of(version);
        if (known.isPresent()) {
            newest = known.get();
            return new Asked(CompletableFuture.completedFuture(known.get()), Source.CACHE);
        }
        Failure failed = failure;
        if (failed != null && failed.holds(version, clock.instant())) {
            return new Asked(CompletableFuture.failedFuture(failed.fault), Source.FAILED);
        }
        Reading others = underWay.get(version.digest());
        if (others != null) {
            return new Asked(others.result(), Source.WAITED);
        }
        Reading mine = readings.of(metric, version, ++begun);
        underWay.put(version.digest(), mine);
        readings.start(mine, this);
        return new Asked(mine.result(), Source.COMPUTED);
    }

    /** The reading that was begun last of those under way. */
    synchronized Optional<Reading> reading() {
        return underWay.values().stream().max(Comparator.comparingLong(Reading::number));
    }

    @Override
    public synchronized Answered read(Reading reading, Figures figures) {
        Answered answered = new Answered(figures, reading.version(),
                Digests.number(reading.version().digest() + "\n" + definition));
        underWay.remove(reading.version().digest());
        // One that was overtaken has figures for whoever waits for it, but they are not kept.
        if (reading.number() > newestNumber) {
            newest = answered;
            newestNumber = reading.number();
            failure = null;
        }
        return answered;
    }

    @Override
    public synchronized void failed(Reading reading, Throwable fault) {
        // Of an object that has changed there is nothing to remember, and who had no turn did not fail.
        if (reading.hasBegun() && !(fault instanceof ObjectChangedException)) {
            remember(reading.version(), fault);
        }
        underWay.remove(reading.version().digest());
    }

    /** That version cannot be read. */
    synchronized void remember(DatasetVersion version, Throwable fault) {
        boolean stands = fault instanceof ProblemException problem && problem.code().status() == UNPROCESSABLE;
        failure = new Failure(version, fault, stands ? null : clock.instant().plus(failureValid));
    }
}
