package dev.tally;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;

import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.output.MigrateResult;
import org.jboss.logging.Logger;

import dev.tally.platform.clickhouse.ClickHouseMigrator;
import dev.tally.platform.clickhouse.MigrationException;
import dev.tally.platform.postgres.DatabaseMigrated;
import io.quarkus.runtime.QuarkusApplication;

/**
 * Migrates the database, and ClickHouse if there is one, once, ahead of the processes that serve, so that none of them
 * starts slower for it. Several may run at once: they migrate one after the other, and the later ones find nothing to do.
 */
@ApplicationScoped
class MigrateCommand implements QuarkusApplication {
    private static final Logger LOG = Logger.getLogger(MigrateCommand.class);

    private static final int EXIT_FAULT = 1;

    private final Flyway flyway;
    private final Event<DatabaseMigrated> migrated;
    private final ClickHouseMigrator clickHouse;

    MigrateCommand(Flyway flyway, Event<DatabaseMigrated> migrated, ClickHouseMigrator clickHouse) {
        this.flyway = flyway;
        this.migrated = migrated;
        this.clickHouse = clickHouse;
    }

    @Override
    public int run(String... args) {
        MigrateResult result;
        try {
            result = flyway.migrate();
        } catch (FlywayException e) {
            LOG.error("The database is not migrated; what was under way is rolled back. The cause says why.", e);
            return EXIT_FAULT;
        }
        migrated.fire(new DatabaseMigrated());
        LOG.infof("The database is migrated: %d migrations were made, it is at version %s.", result.migrationsExecuted,
                result.targetSchemaVersion == null ? result.initialSchemaVersion : result.targetSchemaVersion);
        return migrateClickHouse();
    }

    private int migrateClickHouse() {
        try {
            clickHouse.migrate();
            return 0;
        } catch (MigrationException e) {
            LOG.error("The database is migrated, but ClickHouse is not. What was made stays; run this again.", e);
            return EXIT_FAULT;
        }
    }
}
