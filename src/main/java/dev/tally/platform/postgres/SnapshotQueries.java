package dev.tally.platform.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;

import dev.tally.platform.problem.DatabaseException;

/** Runs several statements that see the same data; a cursor needs a transaction too. */
@ApplicationScoped
public class SnapshotQueries {
    private final DataSource dataSource;

    public SnapshotQueries(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Reads on a connection. */
    @FunctionalInterface
    public interface Work {
        void run(Connection connection) throws SQLException;
    }

    /** @throws DatabaseException for any fault of the database */
    public void run(Work work) {
        try (Connection connection = dataSource.getConnection()) {
            connection.setAutoCommit(false);
            try {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
                }
                work.run(connection);
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw new DatabaseException(e);
        }
    }
}
