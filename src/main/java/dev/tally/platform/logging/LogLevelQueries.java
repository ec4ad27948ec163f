package dev.tally.platform.logging;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import dev.tally.platform.postgres.Statements;

/** The SQL of levels that were changed. */
@ApplicationScoped
class LogLevelQueries {
    private static final String LIST = """
                                       SELECT category, level, until, set_by, set_at FROM platform.log_level
                                        WHERE until > ? ORDER BY category""";
    /** More than the bound only if several are set in the same moment. */
    private static final String PUT = """
                                      INSERT INTO platform.log_level (category, level, until, set_by, set_at)
                                      SELECT ?, ?, ?, ?, ?
                                       WHERE (SELECT count(*) FROM platform.log_level WHERE category <> ? AND until > ?) < ?
                                      ON CONFLICT (category) DO UPDATE
                                         SET level = EXCLUDED.level, until = EXCLUDED.until, set_by = EXCLUDED.set_by,
                                             set_at = EXCLUDED.set_at""";
    private static final String REMOVE = "DELETE FROM platform.log_level WHERE category = ? OR until <= ?";

    private final Statements statements;

    LogLevelQueries(Statements statements) {
        this.statements = statements;
    }

    /** What is changed at this time. */
    List<LogLevel> list(Instant now) {
        return statements.run(LIST, statement -> {
            setTime(statement, 1, now);
            List<LogLevel> levels = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    levels.add(new LogLevel(row.getString(1), row.getString(2), time(row, 3), row.getString(4),
                            time(row, 5)));
                }
            }
            return levels;
        });
    }

    /** Says whether there was room for it. */
    boolean put(LogLevel level, int maxChanged) {
        return statements.run(PUT, statement -> {
            statement.setString(1, level.category());
            statement.setString(2, level.level());
            setTime(statement, 3, level.until());
            statement.setString(4, level.setBy());
            setTime(statement, 5, level.setAt());
            statement.setString(6, level.category());
            setTime(statement, 7, level.setAt());
            statement.setInt(8, maxChanged);
            return statement.executeUpdate() > 0;
        });
    }

    /** Removes it, and with it whatever is over. */
    void remove(String category, Instant now) {
        int unused = statements.run(REMOVE, statement -> {
            statement.setString(1, category);
            setTime(statement, 2, now);
            return statement.executeUpdate();
        });
    }

    private static void setTime(PreparedStatement statement, int index, Instant time) throws SQLException {
        statement.setObject(index, time.atOffset(ZoneOffset.UTC));
    }

    private static Instant time(ResultSet row, int column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
