package dev.tally.platform.postgres;

import jakarta.validation.constraints.Min;

import io.smallrye.config.ConfigMapping;

/** The bounds of the connections to PostgreSQL. Their defaults, and what JDBC makes of them, are in application.properties. */
@ConfigMapping(prefix = "tally.postgres")
public interface PostgresConfig {
    /** Whether each start migrates the database. */
    boolean migrateAtStart();

    /** The connections of JDBC's pool. */
    @Min(1)
    int maxConnections();

    /** The connections of {@link EventLoopPool}. */
    @Min(1)
    int maxEventLoopConnections();

    /** How long a statement of a request may take. */
    @Min(1)
    int maxStatementSeconds();

    /** How long a request waits for a connection of a pool. */
    @Min(1)
    int maxWaitSeconds();

    /** How long it may take to connect. */
    @Min(1)
    int maxConnectSeconds();

    /** How long a connection may say nothing before it counts as dead. */
    @Min(1)
    int maxSilenceSeconds();
}
