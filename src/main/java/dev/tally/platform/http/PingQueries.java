package dev.tally.platform.http;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

import jakarta.inject.Singleton;

import org.jboss.logging.Logger;

import io.agroal.api.AgroalDataSource;

/** Asks PostgreSQL whether it is there, and whether it has what this version needs. */
@Singleton
class PingQueries {
    /** The last file of {@code db/migration}. */
    static final String NEWEST_MIGRATION = "12";
    private static final Logger LOG = Logger.getLogger(PingQueries.class);
    private static final int TIMEOUT_SECONDS = 3;
    private static final String UNDEFINED_TABLE = "42P01";
    private static final String IS_MIGRATED = "SELECT EXISTS (SELECT FROM flyway_schema_history"
            + " WHERE version = ? AND success)";

    private final AgroalDataSource dataSource;
    /** Migrations are never taken back. */
    private volatile boolean migrated;

    PingQueries(AgroalDataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Tries it; why it does not answer is for the log only, it names hosts. */
    DatabaseState state() {
        try (Connection connection = dataSource.getConnection()) {
            if (!connection.isValid(TIMEOUT_SECONDS)) {
                return DatabaseState.UNAVAILABLE;
            }
            if (!migrated && !isMigrated(connection)) {
                LOG.warn("The database is not migrated to this version. Run this program with the argument migrate.");
                return DatabaseState.NOT_MIGRATED;
            }
            migrated = true;
            return DatabaseState.CONNECTED;
        } catch (SQLException e) {
            LOG.warnf("The database does not answer: %s", e.getMessage());
            return DatabaseState.UNAVAILABLE;
        }
    }

    private static boolean isMigrated(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(IS_MIGRATED)) {
            statement.setString(1, NEWEST_MIGRATION);
            statement.setQueryTimeout(TIMEOUT_SECONDS);
            try (ResultSet result = statement.executeQuery()) {
                return result.next() && result.getBoolean(1);
            }
        } catch (SQLException e) {
            if (UNDEFINED_TABLE.equals(e.getSQLState())) {
                return false;
            }
            throw e;
        }
    }
}
