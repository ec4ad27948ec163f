package dev.tally.platform.clickhouse;

import java.net.URI;
import java.util.Optional;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Where ClickHouse is, who asks, and the bounds of what is asked. */
@ConfigMapping(prefix = "tally.clickhouse")
public interface ClickHouseConfig {
    /** Of its HTTP interface, such as {@code https://clickhouse.example.org:8443}. */
    Optional<URI> url();

    Optional<String> username();

    Optional<String> password();

    @WithDefault("5000")
    @Min(1)
    int connectTimeoutMillis();

    /** How long a statement may take. */
    @WithDefault("600")
    @Min(1)
    @Max(86_400)
    int maxQuerySeconds();

    /** How much memory a statement may take, of each server. */
    @WithDefault("4294967296")
    @Min(1_048_576)
    long maxMemoryBytes();

    /** The size of an answer, which is held in memory. */
    @WithDefault("134217728")
    @Min(1024)
    @Max(1_073_741_824)
    int maxAnswerBytes();

    /** How many statements may be under way; others wait. */
    @WithDefault("8")
    @Min(1)
    int maxConcurrentQueries();
}
