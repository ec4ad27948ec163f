package dev.tally.analytics;

import java.util.Optional;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** How ClickHouse reads datasets. */
@ConfigMapping(prefix = "tally.analytics.clickhouse")
public interface PushdownConfig {
    /** In ClickHouse: the bucket's URL, with a slash at its end, and what opens it. */
    @WithDefault("tally_s3")
    @Pattern(regexp = "[A-Za-z_][A-Za-z0-9_]*")
    String namedCollection();

    /** By whose servers together the objects are read; empty for the one that is asked. */
    Optional<@Pattern(regexp = "[A-Za-z0-9_.-]+") String> cluster();

    /** How many objects of the same form a statement reads; their keys are part of its address. */
    @WithDefault("100")
    @Min(1)
    @Max(200)
    int maxObjectsPerQuery();

    /** How many headers are read at a time. */
    @WithDefault("16")
    @Min(1)
    int headerThreads();
}
