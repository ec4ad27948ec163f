package dev.tally.analytics;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A catalogue and bounds that tests can reach. By hand: a mapping made beside the application's keeps Quarkus from reading its
 * own configuration in the same JVM.
 */
record AnalyticsConfigForTests(Optional<String> bucket, int waitSeconds, int maxReadingSeconds, int maxReadings,
        Map<String, DatasetConfig> datasets, Map<String, MetricConfig> metrics) implements AnalyticsConfig {
    static final String BUCKET = "figures";

    /** Three metrics over two datasets. */
    static AnalyticsConfigForTests standard() {
        return new AnalyticsConfigForTests(Optional.of(BUCKET), 60, 3600, 2, Map.of(), Map.of())
                .with("claims", DatasetOf.key("claims.csv")).with("sales", DatasetOf.key("sales/"))
                .with("by-state", MetricOf.count("claims", "estado"))
                .with("mean", MetricOf.of("claims", Measure.AVG).column("monto"))
                .with("top-shops", MetricOf.count("sales", "shop").top(2));
    }

    AnalyticsConfigForTests withoutBucket() {
        return new AnalyticsConfigForTests(Optional.empty(), waitSeconds, maxReadingSeconds, maxReadings, datasets,
                metrics);
    }

    AnalyticsConfigForTests withWaitSeconds(int seconds) {
        return new AnalyticsConfigForTests(bucket, seconds, maxReadingSeconds, maxReadings, datasets, metrics);
    }

    AnalyticsConfigForTests withMaxReadingSeconds(int seconds) {
        return new AnalyticsConfigForTests(bucket, waitSeconds, seconds, maxReadings, datasets, metrics);
    }

    AnalyticsConfigForTests with(String name, DatasetOf dataset) {
        Map<String, DatasetConfig> more = new HashMap<>(datasets);
        more.put(name, dataset);
        return new AnalyticsConfigForTests(bucket, waitSeconds, maxReadingSeconds, maxReadings, more, metrics);
    }

    AnalyticsConfigForTests with(String name, MetricOf metric) {
        Map<String, MetricConfig> more = new HashMap<>(metrics);
        more.put(name, metric);
        return new AnalyticsConfigForTests(bucket, waitSeconds, maxReadingSeconds, maxReadings, datasets, more);
    }

    @Override
    public int revalidateSeconds() {
        return 10;
    }

    @Override
    public int maxTries() {
        return 3;
    }

    @Override
    public int failureSeconds() {
        return 10;
    }

    @Override
    public int maxGroups() {
        return 1000;
    }

    @Override
    public int maxRowBytes() {
        return 1 << 20;
    }

    @Override
    public int scanThreads() {
        return 1;
    }

    @Override
    public int objectsAtOnce() {
        return 1;
    }

    @Override
    public boolean warmUp() {
        return false;
    }

    @Override
    public String refreshEvery() {
        return "off";
    }

    record DatasetOf(String key, Optional<String> bucket, EngineKind engine, CsvCharset charset,
            CsvDelimiter delimiter, DecimalMark decimal, Map<String, List<String>> aliases) implements DatasetConfig {
        static DatasetOf key(String key) {
            return new DatasetOf(key, Optional.empty(), EngineKind.EMBEDDED, CsvCharset.UTF_8, CsvDelimiter.AUTO,
                    DecimalMark.POINT, Map.of());
        }
    }

    record MetricOf(String dataset, Measure measure, Optional<String> column, Optional<String> groupBy,
            OptionalInt top, Map<String, FilterConfig> filters, int decimals) implements MetricConfig {
        static MetricOf of(String dataset, Measure measure) {
            return new MetricOf(dataset, measure, Optional.empty(), Optional.empty(), OptionalInt.empty(), Map.of(),
                    6);
        }

        static MetricOf count(String dataset, String groupBy) {
            return new MetricOf(dataset, Measure.COUNT, Optional.empty(), Optional.of(groupBy), OptionalInt.empty(),
                    Map.of(), 6);
        }

        MetricOf column(String name) {
            return new MetricOf(dataset, measure, Optional.of(name), groupBy, top, filters, decimals);
        }

        MetricOf top(int groups) {
            return new MetricOf(dataset, measure, column, groupBy, OptionalInt.of(groups), filters, decimals);
        }

        MetricOf filter(String name, FilterOf filter) {
            Map<String, FilterConfig> more = new HashMap<>(filters);
            more.put(name, filter);
            return new MetricOf(dataset, measure, column, groupBy, top, more, decimals);
        }

        MetricOf decimals(int places) {
            return new MetricOf(dataset, measure, column, groupBy, top, filters, places);
        }
    }

    record FilterOf(String column, Optional<List<String>> anyOf, Optional<List<String>> noneOf,
            Optional<String> atLeast, Optional<String> below) implements FilterConfig {
        static FilterOf nothing(String column) {
            return new FilterOf(column, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
        }

        FilterOf anyOf(String... values) {
            return new FilterOf(column, Optional.of(List.of(values)), noneOf, atLeast, below);
        }

        FilterOf below(String value) {
            return new FilterOf(column, anyOf, noneOf, atLeast, Optional.of(value));
        }
    }
}
