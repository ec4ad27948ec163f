package dev.tally.testsupport;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

import javax.sql.DataSource;

import org.postgresql.ds.PGSimpleDataSource;

import dev.tally.local.LocalPostgres;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;

/** A real PostgreSQL with an empty database for each start of the application under test. */
public final class PostgresForTests implements QuarkusTestResourceLifecycleManager {
    static final List<String> SETTINGS = List.of("fsync=off", "max_connections=200");
    private static final String URL = "tally.test.postgres-url";
    private static final String DATABASE = "tally_test";

    /** The database of the application under test. */
    public static DataSource dataSource() {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(System.getProperty(URL));
        dataSource.setUser(LocalPostgres.USER);
        return dataSource;
    }

    @Override
    public Map<String, String> start() {
        String url = LocalPostgres.start(Path.of("target", "postgres"), SETTINGS);
        try (Connection connection = DriverManager.getConnection(url, LocalPostgres.USER, "");
                Statement statement = connection.createStatement()) {
            statement.execute("DROP DATABASE IF EXISTS " + DATABASE + " WITH (FORCE)");
            statement.execute("CREATE DATABASE " + DATABASE);
        } catch (SQLException e) {
            throw new IllegalStateException("No database for the tests", e);
        }
        String databaseUrl = url.replaceFirst("/[^/]*$", "/" + DATABASE);
        // A system property, because this class is loaded once more for the tests themselves.
        System.setProperty(URL, databaseUrl);
        return Map.of(
                "quarkus.datasource.jdbc.url", databaseUrl,
                "quarkus.flyway.migrate-at-start", "true",
                "quarkus.datasource.username", LocalPostgres.USER,
                "quarkus.datasource.password", "none");
    }

    @Override
    public void stop() {
        // The server ends with this JVM, so that the next start of an application under test finds it warm.
    }
}
