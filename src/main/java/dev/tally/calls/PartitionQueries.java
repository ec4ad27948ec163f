package dev.tally.calls;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.LocalDate;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;

import dev.tally.platform.problem.DatabaseException;

/** Makes the partitions of the CDRs. */
@ApplicationScoped
class PartitionQueries {
    private final DataSource dataSource;

    PartitionQueries(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Makes the partition of this day's month unless it is there. */
    void ensureMonth(LocalDate day) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement("SELECT cdr_data.ensure_month(?)")) {
            statement.setObject(1, day);
            statement.execute();
        } catch (SQLException e) {
            throw new DatabaseException(e);
        }
    }
}
