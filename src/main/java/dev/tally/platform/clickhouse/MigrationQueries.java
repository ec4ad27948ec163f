package dev.tally.platform.clickhouse;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;

import dev.tally.platform.problem.DatabaseException;

/** Has one process at a time migrate ClickHouse, which has no lock of its own. */
@ApplicationScoped
class MigrationQueries {
    /** Among the advisory locks of the database; "tallyClH" in ASCII. */
    private static final long LOCK = 0x74616c6c79436c48L;

    private final DataSource dataSource;

    MigrationQueries(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * Waits for the lock, no longer than a statement may take, and holds it meanwhile. It ends with this process too.
     *
     * @throws DatabaseException when it cannot be had
     */
    void runAlone(Runnable work) {
        try (Connection connection = dataSource.getConnection(); Held _ = lock(connection)) {
            work.run();
        } catch (SQLException e) {
            throw new DatabaseException(e);
        }
    }

    /** What ends with the work. A fault of its end is beside that of the work, not in its place. */
    @FunctionalInterface
    private interface Held extends AutoCloseable {
        @Override
        void close() throws SQLException;
    }

    private static Held lock(Connection connection) throws SQLException {
        call(connection, "SELECT pg_advisory_lock(?)");
        return () -> call(connection, "SELECT pg_advisory_unlock(?)");
    }

    private static void call(Connection connection, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, LOCK);
            statement.execute();
        }
    }
}
