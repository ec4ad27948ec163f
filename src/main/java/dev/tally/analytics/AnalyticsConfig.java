package dev.tally.analytics;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** The catalogue as it is written, and the bounds of its figures. */
@ConfigMapping(prefix = "tally.analytics")
public interface AnalyticsConfig {
    /** Where datasets are that name no bucket of their own. */
    Optional<String> bucket();

    /** For how long an object counts as unchanged without the store being asked. */
    @WithDefault("10")
    @Min(0)
    int revalidateSeconds();

    /** How long a request waits for figures that are not there. */
    @WithDefault("60")
    @Min(0)
    int waitSeconds();

    /** How long one reading of a dataset may take. */
    @WithDefault("3600")
    @Min(1)
    int maxReadingSeconds();

    /** How many readings may be under way in this process. */
    @WithDefault("2")
    @Min(1)
    int maxReadings();

    /** How often a dataset is read that changes meanwhile. */
    @WithDefault("3")
    @Min(1)
    int maxTries();

    /** For how long a reading that failed is not tried again on the same objects. */
    @WithDefault("10")
    @Min(0)
    int failureSeconds();

    /** How many groups a reading keeps apart. */
    @WithDefault("100000")
    @Min(1)
    int maxGroups();

    /** The size of a row. */
    @WithDefault("1048576")
    @Min(1024)
    @Max(1_073_741_824)
    int maxRowBytes();

    /** By how many threads this process scans one dataset. */
    @WithDefault("2")
    @Min(1)
    int scanThreads();

    /** How many objects of one dataset this process reads at a time, each by one thread. */
    @WithDefault("4")
    @Min(1)
    int objectsAtOnce();

    /** Whether all metrics are read after the start. */
    @WithDefault("false")
    boolean warmUp();

    /** How often what has changed is read again, such as {@code 5m}; {@code off} to wait until somebody asks. */
    String refreshEvery();

    /** By their names. */
    Map<String, DatasetConfig> datasets();

    /** By their names. */
    Map<String, MetricConfig> metrics();

    /** CSV in S3. */
    interface DatasetConfig {
        /** Of one object, or of a prefix with many part files. */
        String key();

        Optional<String> bucket();

        @WithDefault("embedded")
        EngineKind engine();

        @WithDefault("utf-8")
        CsvCharset charset();

        @WithDefault("auto")
        CsvDelimiter delimiter();

        @WithDefault("point")
        DecimalMark decimal();

        /** By the name of a column the other names that it may have. */
        Map<String, List<String>> aliases();
    }

    /** A figure, or one for each group. */
    interface MetricConfig {
        /** The name of its dataset. */
        String dataset();

        Measure measure();

        /** What is measured; not of a count. */
        Optional<String> column();

        Optional<String> groupBy();

        /** How many groups are answered. */
        OptionalInt top();

        /** By names that only the configuration knows. */
        Map<String, FilterConfig> filters();

        /** To how many places a mean is rounded. */
        @WithDefault("6")
        int decimals();
    }

    /** Which rows a metric is about: a column and exactly one test. */
    interface FilterConfig {
        String column();

        Optional<List<String>> anyOf();

        Optional<List<String>> noneOf();

        Optional<String> atLeast();

        Optional<String> below();
    }
}
