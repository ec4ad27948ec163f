package dev.tally.interactions;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;

import dev.tally.platform.postgres.SnapshotQueries;
import dev.tally.platform.problem.DatabaseException;

/** Keeps the rejected rows of imports, of which there may be too many to be held as entities. */
@ApplicationScoped
class RejectQueries {
    private static final String ADD = """
                                      INSERT INTO interactions.import_reject (import_no, place, sheet, row_number, column_name, value, reason)
                                      VALUES (?, ?, ?, ?, ?, ?, ?)""";
    private static final String FIND = """
                                       SELECT sheet, row_number, column_name, value, reason FROM interactions.import_reject
                                        WHERE import_no = ? ORDER BY place LIMIT ?""";
    private static final int BATCH_ROWS = 1_000;

    private final DataSource dataSource;
    private final SnapshotQueries snapshots;

    RejectQueries(DataSource dataSource, SnapshotQueries snapshots) {
        this.dataSource = dataSource;
        this.snapshots = snapshots;
    }

    /** In the transaction of the caller. */
    void add(int importNo, List<Reject> rejects) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(ADD)) {
            int place = 0;
            for (Reject reject : rejects) {
                statement.setInt(1, importNo);
                statement.setInt(2, place++);
                statement.setString(3, reject.sheet());
                statement.setLong(4, reject.row());
                statement.setObject(5, reject.column(), Types.VARCHAR);
                statement.setObject(6, reject.value(), Types.VARCHAR);
                statement.setString(7, reject.reason());
                statement.addBatch();
                if (place % BATCH_ROWS == 0) {
                    statement.executeBatch();
                }
            }
            statement.executeBatch();
        } catch (SQLException e) {
            throw new DatabaseException(e);
        }
    }

    /** The first rejects of an import, in the order in which they were found. */
    List<Reject> find(int importNo, int maxRows) {
        List<Reject> rejects = new ArrayList<>();
        try (Connection connection = dataSource.getConnection()) {
            read(connection, importNo, maxRows, rejects::add);
        } catch (SQLException e) {
            throw new DatabaseException(e);
        }
        return rejects;
    }

    /** The same through a cursor; in a transaction of its own. */
    void forEach(int importNo, int maxRows, Consumer<Reject> rows) {
        snapshots.run(connection -> read(connection, importNo, maxRows, rows));
    }

    private static void read(Connection connection, int importNo, int maxRows, Consumer<Reject> rows)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FIND)) {
            statement.setInt(1, importNo);
            statement.setInt(2, maxRows);
            statement.setFetchSize(BATCH_ROWS);
            try (ResultSet result = statement.executeQuery()) {
                while (result.next()) {
                    rows.accept(new Reject(result.getString(1), result.getLong(2), result.getString(3),
                            result.getString(4), result.getString(5)));
                }
            }
        }
    }
}
