package dev.tally.analytics;

import java.util.Locale;

/** Who reads the objects of a dataset. */
public enum EngineKind {
    /** This process. */
    EMBEDDED,
    /** A ClickHouse, by its table function s3() or s3Cluster(). */
    CLICKHOUSE;

    /** Its name in configuration and answers. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
