package dev.tally.testsupport;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
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
        String url = LocalPostgres.start(Path.of("target", "postgres"), PostgresForTests.SETTINGS);
        try (Connection connection = DriverManager.getConnection(url, LocalPostgres.USER, "");
                Statement statement = connection.createStatement()) {
            statement.execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
            statement.execute("CREATE DATABASE " + name);
        } catch (SQLException e) {
            throw new IllegalStateException("No database for the test", e);
        }
        return url.replaceFirst("/[^/]*$", "/" + name);
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
