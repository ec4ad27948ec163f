package dev.tally.testsupport;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import javax.sql.DataSource;

import org.flywaydb.core.Flyway;

import dev.tally.local.LocalPostgres;
import io.agroal.api.AgroalDataSource;
import io.agroal.api.configuration.supplier.AgroalDataSourceConfigurationSupplier;
import io.agroal.api.exceptionsorter.PostgreSQLExceptionSorter;
import io.agroal.api.security.NamePrincipal;

/** A migrated database of a test's own, for tests that need no application around it. */
public final class ScratchDatabase {
    private ScratchDatabase() {}

    /** Makes it anew. */
    public static DataSource create(String name) {
        DataSource dataSource = pool(createEmpty(name));
        Flyway.configure().dataSource(dataSource).load().migrate();
        return dataSource;
    }

    /** Makes it anew, without a table; gives its JDBC URL. */
    public static String createEmpty(String name) {
        try (Connection connection = DriverManager.getConnection(server(), LocalPostgres.USER, "");
                Statement statement = connection.createStatement()) {
            statement.execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
            statement.execute("CREATE DATABASE " + name);
        } catch (SQLException e) {
            throw new IllegalStateException("No database for the test", e);
        }
        return url(name);
    }

    /** The JDBC URL of a database of this name. */
    public static String url(String name) {
        return server().replaceFirst("/[^/]*$", "/" + name);
    }

    /** Makes a superuser anew who, unlike the others here, has to give a password (SCRAM). */
    public static void createRoleWithPassword(String role, String password) {
        try (Connection connection = DriverManager.getConnection(server(), LocalPostgres.USER, "");
                Statement statement = connection.createStatement()) {
            statement.execute("DROP ROLE IF EXISTS " + role);
            statement.execute("SET password_encryption = 'scram-sha-256'");
            statement.execute("CREATE ROLE " + role + " LOGIN SUPERUSER PASSWORD '" + password + "'");
            String rule = "host all " + role + " 127.0.0.1/32 scram-sha-256\n";
            try (ResultSet file = statement.executeQuery("SHOW hba_file")) {
                file.next();
                Path rules = Path.of(file.getString(1));
                String before = Files.readString(rules);
                if (!before.startsWith(rule)) {
                    Files.writeString(rules, rule + before);
                }
            }
            statement.execute("SELECT pg_reload_conf()");
        } catch (SQLException | IOException e) {
            throw new IllegalStateException("No such role for the test", e);
        }
        // The server takes the rules when it comes to it.
        await().until(() -> refuses(role, password + "x"));
    }

    private static boolean refuses(String role, String password) {
        try (Connection connection = DriverManager.getConnection(server(), role, password)) {
            return connection.isClosed();
        } catch (SQLException e) {
            return true;
        }
    }

    private static String server() {
        return LocalPostgres.start(Path.of("target", "postgres"), PostgresForTests.SETTINGS);
    }

    /** The pool that the application has too. */
    private static DataSource pool(String url) {
        try {
            return AgroalDataSource.from(new AgroalDataSourceConfigurationSupplier()
                    .connectionPoolConfiguration(pool -> pool.maxSize(8)
                            .exceptionSorter(new PostgreSQLExceptionSorter()).connectionFactoryConfiguration(
                                    connection -> connection.jdbcUrl(url)
                                            .principal(new NamePrincipal(LocalPostgres.USER)))));
        } catch (SQLException e) {
            throw new IllegalStateException("No pool for the test", e);
        }
    }
}
