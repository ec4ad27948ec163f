package dev.tally.platform.clickhouse;

import java.util.Optional;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Where ClickHouse is, who asks, and the bounds of what is asked. */
@ConfigMapping(prefix = "tally.clickhouse")
public interface ClickHouseConfig {
    /** Without one, there is no ClickHouse. */
    Optional<String> host();

    /** Of its HTTP interface. */
    @WithDefault("8443")
    @Min(1)
    @Max(65_535)
    int port();

    /** Whether its HTTP interface is over TLS. */
    @WithDefault("true")
    boolean secure();

    /** Where the tables of this service are; migrations make it when it is not there. */
    @WithDefault("default")
    @Pattern(regexp = "[A-Za-z_][A-Za-z0-9_]*")
    String database();

    /** Over whose servers the tables of this service are spread; empty when there is one server. */
    Optional<@Pattern(regexp = "[A-Za-z0-9_.-]+") String> cluster();

    /** Whether the tables are migrated when the service starts. */
    boolean migrateAtStart();

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

    /** How long a statement of a migration may take; a start waits for it. */
    @WithDefault("20")
    @Min(1)
    @Max(3_600)
    int maxMigrationSeconds();

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
