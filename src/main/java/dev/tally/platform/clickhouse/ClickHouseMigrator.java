package dev.tally.platform.clickhouse;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import org.jboss.logging.Logger;

import dev.tally.platform.problem.DatabaseException;

/**
 * Brings the tables in ClickHouse to the version of this application. What was made, and with which bytes, is in the table
 * {@code tally_migrations} beside them.
 */
@ApplicationScoped
public class ClickHouseMigrator {
    /** By their versions, in either directory. Named, because a native binary cannot list a directory of its resources. */
    static final List<String> FILES = List.of("V1__records.sql");
    private static final Logger LOG = Logger.getLogger(ClickHouseMigrator.class);
    private static final String CREATE_HISTORY = """
                                                 CREATE TABLE IF NOT EXISTS tally_migrations %s
                                                 (version UInt32, file String, checksum String, applied_at DateTime64(3, 'UTC'))
                                                 ENGINE = %s ORDER BY version""";
    /** Every server has all of it, whatever its shard. */
    private static final String REPLICATED = "ReplicatedMergeTree('/clickhouse/tables/%s/tally_migrations',"
            + " '{shard}-{replica}')";
    private static final String RECORD = "INSERT INTO tally_migrations SELECT {version:UInt32}, {file:String},"
            + " {checksum:String}, now64(3)";

    private final ClickHouseGateway clickHouse;
    private final MigrationQueries lock;
    private final List<Migration> migrations;

    @Inject
    ClickHouseMigrator(ClickHouseGateway clickHouse, MigrationQueries lock) {
        this(clickHouse, lock, FILES.stream().map(file -> Migration.read(
                clickHouse.cluster().isPresent() ? Migration.OF_A_CLUSTER : Migration.OF_ONE_SERVER, file)).toList());
    }

    ClickHouseMigrator(ClickHouseGateway clickHouse, MigrationQueries lock, List<Migration> migrations) {
        this.clickHouse = clickHouse;
        this.lock = lock;
        this.migrations = List.copyOf(migrations);
    }

    /**
     * Makes what is missing. Several processes may do so at once: they do it one after the other. Where no ClickHouse is
     * configured, nothing is done.
     *
     * @throws MigrationException when it does not come to its end
     */
    public void migrate() {
        if (clickHouse.url().isEmpty()) {
            LOG.info("No ClickHouse is configured, so there is none to migrate.");
            return;
        }
        ClickHouseGateway own = clickHouse.forMigration();
        try {
            AtomicInteger made = new AtomicInteger();
            lock.runAlone(() -> made.set(migrateAlone(own)));
            LOG.infof("ClickHouse is migrated: %d migrations were made, it is at version %d.", made.get(),
                    migrations.getLast().version());
        } catch (ClickHouseException e) {
            throw new MigrationException("ClickHouse is not migrated: " + e.getMessage() + " " + e.said(), e);
        } catch (DatabaseException e) {
            throw new MigrationException("ClickHouse is not migrated: its lock in PostgreSQL cannot be had.", e);
        } finally {
            own.close();
        }
    }

    private int migrateAlone(ClickHouseGateway own) {
        createDatabase(own);
        run(own, createHistory(own), Map.of());
        Map<Integer, String> known = known(own);
        check(known);
        int made = 0;
        for (Migration migration : migrations) {
            if (!known.containsKey(migration.version())) {
                migration.statements(own.cluster(), own.database())
                        .forEach(statement -> run(own, statement, Map.of()));
                run(own, RECORD, Map.of("version", Integer.toString(migration.version()), "file", migration.file(),
                        "checksum", migration.checksum()));
                made++;
            }
        }
        return made;
    }

    /** Asked first: who may not make databases gets one from its operator. */
    private static void createDatabase(ClickHouseGateway own) {
        Map<String, String> name = Map.of("name", own.database());
        byte[] found = own.answer(new ClickHouseQuery(
                "SELECT count() FROM system.databases WHERE name = {name:String} FORMAT TSV", name, Map.of()));
        if (found[0] == '0') {
            byte[] unused = own.answer(new ClickHouseQuery(
                    "CREATE DATABASE IF NOT EXISTS {name:Identifier} " + onCluster(own) + " ENGINE = Atomic", name,
                    Map.of()));
        }
    }

    private static String createHistory(ClickHouseGateway own) {
        return CREATE_HISTORY.formatted(onCluster(own),
                own.cluster().isPresent() ? REPLICATED.formatted(own.database()) : "MergeTree");
    }

    private static String onCluster(ClickHouseGateway own) {
        return own.cluster().map(cluster -> "ON CLUSTER '" + cluster + "'").orElse("");
    }

    private static Map<Integer, String> known(ClickHouseGateway own) {
        Map<Integer, String> known = new TreeMap<>();
        String rows = new String(run(own, "SELECT version, checksum FROM tally_migrations ORDER BY version FORMAT TSV",
                Map.of()), StandardCharsets.US_ASCII);
        rows.lines().map(row -> row.split("\t", -1)).forEach(row -> known.put(Integer.parseInt(row[0]), row[1]));
        return known;
    }

    private void check(Map<Integer, String> known) {
        for (Migration migration : migrations) {
            String checksum = known.get(migration.version());
            if (checksum != null && !checksum.equals(migration.checksum())) {
                throw new MigrationException("ClickHouse is not migrated: " + migration.file()
                        + " is not what it was when it was run. Use the application that ran it, or a later one; and"
                        + " a database of its own when tally.clickhouse.cluster is changed.",
                        null);
            }
        }
        int last = migrations.getLast().version();
        known.keySet().stream().filter(version -> version > last).findFirst().ifPresent(version -> {
            throw new MigrationException("ClickHouse is not migrated: it is at version " + version
                    + ", which is later than that of this application, " + last + ".", null);
        });
    }

    private static byte[] run(ClickHouseGateway own, String sql, Map<String, String> parameters) {
        return own.answer(new ClickHouseQuery(sql, parameters, Map.of()).in(own.database()));
    }
}
