package dev.tally.platform.clickhouse;

import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

import org.jboss.logging.Logger;

import io.quarkus.runtime.StartupEvent;

/** Migrates ClickHouse before the first request, where that is configured. */
@Singleton
class MigrationAtStart {
    private static final Logger LOG = Logger.getLogger(MigrationAtStart.class);

    private final ClickHouseMigrator migrator;
    private final ClickHouseConfig config;

    MigrationAtStart(ClickHouseMigrator migrator, ClickHouseConfig config) {
        this.migrator = migrator;
        this.config = config;
    }

    /** Nothing but records needs these tables, so everything else starts without them. */
    void migrate(@Observes StartupEvent start) {
        if (!config.migrateAtStart()) {
            return;
        }
        try {
            migrator.migrate();
        } catch (MigrationException e) {
            LOG.error("The service starts, but cannot answer for records before ClickHouse is migrated.", e);
        }
    }
}
