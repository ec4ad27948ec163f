package dev.tally.platform.postgres;

import java.util.Map;
import java.util.Optional;

import jakarta.inject.Singleton;

import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.flywaydb.core.api.configuration.FluentConfiguration;

import io.quarkus.flyway.FlywayConfigurationCustomizer;

/**
 * Gives migrations connections of their own. Those of the pool end each statement after seconds, which is right for a
 * request and wrong for the making of an index; and what a migration sets on its connection would stay in the pool.
 */
@Singleton
class MigrationConnections implements FlywayConfigurationCustomizer {
    private final Optional<String> jdbcUrl;
    private final Optional<String> username;
    private final Optional<String> password;
    private final String maxConnectSeconds;

    MigrationConnections(@ConfigProperty(name = "quarkus.datasource.jdbc.url") Optional<String> jdbcUrl,
            @ConfigProperty(name = "quarkus.datasource.username") Optional<String> username,
            @ConfigProperty(name = "quarkus.datasource.password") Optional<String> password,
            @ConfigProperty(name = "tally.postgres.max-connect-seconds") String maxConnectSeconds) {
        this.jdbcUrl = jdbcUrl;
        this.username = username;
        this.password = password;
        this.maxConnectSeconds = maxConnectSeconds;
    }

    @Override
    public void customize(FluentConfiguration flyway) {
        jdbcUrl.ifPresent(url -> flyway
                .jdbcProperties(Map.of("ApplicationName", "tally migration", "tcpKeepAlive", "true",
                        "connectTimeout", maxConnectSeconds, "loginTimeout", maxConnectSeconds))
                // For where the database or its role has a bound of its own.
                .initSql("SET statement_timeout = 0")
                .dataSource(url, username.orElse(null), password.orElse(null)));
    }
}
