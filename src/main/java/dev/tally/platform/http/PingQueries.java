package dev.tally.platform.http;

import java.sql.Connection;
import java.sql.SQLException;

import jakarta.inject.Singleton;

import org.jboss.logging.Logger;

import io.agroal.api.AgroalDataSource;

/** Asks PostgreSQL whether it is there. */
@Singleton
class PingQueries {
    private static final Logger LOG = Logger.getLogger(PingQueries.class);
    private static final int TIMEOUT_SECONDS = 3;

    private final AgroalDataSource dataSource;

    PingQueries(AgroalDataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Whether a connection could be had and answered; why not is for the log only, it names hosts. */
    boolean databaseAnswers() {
        try (Connection connection = dataSource.getConnection()) {
            return connection.isValid(TIMEOUT_SECONDS);
        } catch (SQLException e) {
            LOG.warnf("The database does not answer: %s", e.getMessage());
            return false;
        }
    }
}
