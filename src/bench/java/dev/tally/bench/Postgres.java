package dev.tally.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.List;

import org.flywaydb.core.Flyway;
import org.postgresql.PGConnection;
import org.postgresql.copy.PGCopyOutputStream;

import dev.tally.local.LocalPostgres;

/**
 * A real PostgreSQL. Its settings are the standard ones but for those that everybody sets: the standard cache is that of
 * a machine of the nineties, and the standard log makes a load wait for checkpoints.
 */
final class Postgres {
    static final List<String> SETTINGS = List.of("shared_buffers=4GB", "max_wal_size=8GB",
            "checkpoint_timeout=30min");
    private static final String COMPLETE = "complete";

    private final String serverUrl;

    private Postgres(String serverUrl) {
        this.serverUrl = serverUrl;
    }

    /** One database of the server. */
    record Database(String url, int port, String name) {
        Connection connect() throws SQLException {
            return DriverManager.getConnection(url, LocalPostgres.USER, "");
        }

        void execute(String sql) throws SQLException {
            try (Connection connection = connect(); Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
        }

        String query(String sql) throws SQLException {
            try (Connection connection = connect();
                    Statement statement = connection.createStatement();
                    ResultSet result = statement.executeQuery(sql)) {
                return result.next() ? String.valueOf(result.getString(1)) : "";
            }
        }

        /** Makes the partitions that these CDRs need. */
        void ensureMonths(Cdrs cdrs) throws SQLException {
            for (LocalDate day = Cdrs.FIRST_DAY; !day.isAfter(cdrs.lastDay()); day = day.plusMonths(1)) {
                query("SELECT cdr_data.ensure_month('" + day + "')");
            }
        }

        /** Loads them as they come in life, a day at a time; then does what autovacuum would do. */
        void load(Cdrs cdrs) throws SQLException, IOException {
            ensureMonths(cdrs);
            try (Connection connection = connect()) {
                for (int day = 0; day < cdrs.days(); day++) {
                    try (OutputStream copy = new PGCopyOutputStream(connection.unwrap(PGConnection.class),
                            "COPY cdr_data.voice_cdr (" + Cdrs.COLUMNS + ") FROM STDIN (FORMAT csv)")) {
                        cdrs.writeDay(day, copy);
                    }
                }
            }
            execute("VACUUM ANALYZE");
            execute("CHECKPOINT");
        }
    }

    static Postgres start(Path directory) {
        return new Postgres(LocalPostgres.start(directory.resolve("postgres"), SETTINGS));
    }

    String version() throws SQLException {
        return database("postgres").query("SHOW server_version");
    }

    /** An empty database with our tables; one of the same name that was there is gone. */
    Database fresh(String name) throws SQLException {
        Database server = database("postgres");
        server.execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
        server.execute("CREATE DATABASE " + name);
        Database fresh = database(name);
        migrate(fresh);
        server.execute("CHECKPOINT");
        return fresh;
    }

    private static void migrate(Database database) {
        Flyway.configure().dataSource(database.url(), LocalPostgres.USER, "").loggers("slf4j").load().migrate();
    }

    /** A database with these CDRs, from an earlier run if there is one: twenty million take a while. */
    Database holding(Cdrs cdrs) throws SQLException, IOException {
        String name = "cdrs_" + cdrs.count() + "_" + cdrs.subscribers();
        String comment = database("postgres").query(
                "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '" + name + "'");
        if (comment.equals(COMPLETE)) {
            migrate(database(name));
            return database(name);
        }
        Database database = fresh(name);
        database.load(cdrs);
        database.execute("COMMENT ON DATABASE " + name + " IS '" + COMPLETE + "'");
        return database;
    }

    private Database database(String name) {
        String url = serverUrl.replaceFirst("/[^/]*$", "/" + name);
        return new Database(url, URI.create(serverUrl.substring("jdbc:".length())).getPort(), name);
    }
}
