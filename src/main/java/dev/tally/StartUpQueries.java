package dev.tally;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Properties;

import org.postgresql.Driver;
import org.postgresql.PGProperty;

/** Tries the database before the application starts, whose own failure to reach it would be pages long. */
final class StartUpQueries {
    private StartUpQueries() {}

    /** Why the database cannot be used, for the operator; empty when it can. Takes a few times the seconds at most. */
    static Optional<String> fault(String jdbcUrl, String user, String password, int maxSeconds) {
        Properties properties = new Properties();
        if (!user.isEmpty()) {
            PGProperty.USER.set(properties, user);
        }
        if (!password.isEmpty()) {
            PGProperty.PASSWORD.set(properties, password);
        }
        PGProperty.CONNECT_TIMEOUT.set(properties, maxSeconds);
        PGProperty.LOGIN_TIMEOUT.set(properties, maxSeconds);
        PGProperty.SOCKET_TIMEOUT.set(properties, maxSeconds);
        try (Connection connection = new Driver().connect(jdbcUrl, properties)) {
            return connection != null && connection.isValid(maxSeconds)
                    ? Optional.empty()
                    : Optional.of(sentence("there is no PostgreSQL behind it."));
        } catch (SQLException e) {
            // What the server says goes on with places in its source.
            return Optional.of(sentence(String.valueOf(e.getMessage()).lines().findFirst().orElse("")));
        }
    }

    private static String sentence(String reason) {
        return "The database that POSTGRES_URL, POSTGRES_USER and POSTGRES_PASSWORD describe cannot be used: "
                + reason;
    }
}
