package dev.tally.analytics;

import java.time.Duration;
import java.util.Locale;

import jakarta.enterprise.context.ApplicationScoped;

import io.micrometer.core.instrument.MeterRegistry;

/** Counts answers and readings. The tags are bounded by the catalogue. */
@ApplicationScoped
class AnalyticsMetrics {
    private static final String METRIC = "metric";

    private final MeterRegistry registry;

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

    void rows(Metric metric, Figures figures) {
        registry.counter("tally.analytics.rows.read", METRIC, metric.name()).increment((double) figures.rowsRead());
        registry.counter("tally.analytics.rows.rejected", METRIC, metric.name())
                .increment((double) figures.rowsRejected());
    }
}
