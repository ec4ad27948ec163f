package dev.tally.analytics;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

import jakarta.enterprise.context.ApplicationScoped;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;

/** Counts answers and readings. The tags are bounded by the catalogue. */
@ApplicationScoped
class AnalyticsMetrics {
    private static final String METRIC = "metric";

    private final MeterRegistry registry;
    private final Map<String, AtomicLong> changedSeconds = new ConcurrentHashMap<>();

    AnalyticsMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Where an answer came from. */
    enum Source {
        /** The figures were there. */
        CACHE,
        /** They were read for it. */
        COMPUTED,
        /** They were being read already. */
        WAITED,
        /** There were none. */
        FAILED
    }

    void answered(Metric metric, Source source) {
        registry.counter("tally.analytics.answers", METRIC, metric.name(), "source",
                source.name().toLowerCase(Locale.ROOT)).increment();
    }

    /** @param outcome {@code ok}, {@code changed} or {@code failed} */
    void reading(Metric metric, String outcome, long nanos) {
        registry.timer("tally.analytics.readings", METRIC, metric.name(), "engine", metric.dataset().engine().text(),
                "outcome", outcome).record(Duration.ofNanos(nanos));
    }

    /** How old the data is of which there are figures. */
    void data(Metric metric, DatasetVersion version) {
        changedSeconds.computeIfAbsent(metric.name(), this::registered)
                .set(version.lastModified().getEpochSecond());
    }

    private AtomicLong registered(String metric) {
        AtomicLong seconds = new AtomicLong();
        registry.gauge("tally.analytics.data.timestamp.seconds", List.of(Tag.of(METRIC, metric)), seconds);
        return seconds;
    }

    void rows(Metric metric, Figures figures) {
        registry.counter("tally.analytics.rows.read", METRIC, metric.name()).increment((double) figures.rowsRead());
        registry.counter("tally.analytics.rows.rejected", METRIC, metric.name())
                .increment((double) figures.rowsRejected());
    }
}
