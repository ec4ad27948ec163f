package dev.tally.platform.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;

import dev.tally.platform.problem.DatabaseException;

/** Runs single statements, in the transaction of the caller if there is one. */
@ApplicationScoped
public class Statements {
    private final DataSource dataSource;

    public Statements(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Sets the parameters of a statement, executes it and reads what it gives. */
    @FunctionalInterface
    public interface Use<T> {
        T apply(PreparedStatement statement) throws SQLException;
    }

    /** @throws DatabaseException for any fault of the database */
    public <T> T run(String sql, Use<T> use) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            return use.apply(statement);
        } catch (SQLException e) {
            throw new DatabaseException(e);
        }
    }
}
