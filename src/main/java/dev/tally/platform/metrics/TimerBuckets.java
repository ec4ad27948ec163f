package dev.tally.platform.metrics;

import java.time.Duration;
import java.util.Map;
import java.util.stream.DoubleStream;

import jakarta.inject.Singleton;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;

/**
 * Gives timers the buckets of which percentiles are reckoned, over all replicas. Few of them, because each is a series for
 * each endpoint and status.
 */
@Singleton
public final class TimerBuckets implements MeterFilter {
    private static final double[] ANSWERS = seconds(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30);
    private static final double[] CALLS = seconds(0.01, 0.05, 0.1, 0.5, 1, 5, 30);
    private static final double[] READINGS = seconds(0.1, 1, 10, 60, 600, 3600);
    private static final Map<String, double[]> BUCKETS = Map.of("http.server.requests", ANSWERS,
            "tally.gcore.requests", CALLS, "tally.clickhouse.requests", CALLS, "tally.analytics.store.requests", CALLS,
            "tally.analytics.readings", READINGS);

    @Override
    public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
        double[] buckets = BUCKETS.get(id.getName());
        return buckets == null
                ? config
                : DistributionStatisticConfig.builder().serviceLevelObjectives(buckets).build().merge(config);
    }

    /** Micrometer reckons timers in nanoseconds. */
    private static double[] seconds(double... seconds) {
        return DoubleStream.of(seconds).map(bound -> bound * Duration.ofSeconds(1).toNanos()).toArray();
    }
}
