package dev.tally.credits;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import jakarta.enterprise.context.ApplicationScoped;

import dev.tally.platform.postgres.Statements;
import dev.tally.platform.time.ZoneOffsets;
import dev.tally.platform.time.ZoneOffsets.Span;

/** Reads what was asked and paid for. docs/adr/0002 says why a zone's days are reckoned from its offsets. */
@ApplicationScoped
class UsageQueries {
    /**
     * Parameters: the offsets in seconds, since when each holds in seconds of the epoch, the first instant and the one
     * after the last, those of the conditions, the limit.
     */
    private static final String DAYS = """
                                       SELECT day.*, u.email
                                         FROM (SELECT epoch_day, user_id, endpoint, count(*) AS requests,
                                                      sum(records_returned)::bigint AS records_returned, sum(credits_used)::bigint AS credits_used
                                                 FROM (SELECT user_id, endpoint COLLATE "C" AS endpoint, records_returned, credits_used,
                                                              (at + (?::bigint[])[width_bucket(at, ?::bigint[])]) / 86400 AS epoch_day
                                                         FROM (SELECT logs.*, floor(extract(epoch FROM created_at))::bigint AS at
                                                                 FROM public.usage_logs AS logs
                                                                WHERE created_at >= ? AND created_at < ? AND state <> 'refunded' %s) AS logs) AS local
                                                %s
                                                GROUP BY epoch_day, user_id, endpoint
                                                ORDER BY %s LIMIT ?) AS day
                                         LEFT JOIN public.users AS u ON u.id = day.user_id
                                        ORDER BY %3$s""";
    private static final String DAYS_OF_ALL = DAYS.formatted("",
            "WHERE epoch_day < ? OR (epoch_day = ? AND (user_id, endpoint) > (?, ?))",
            "epoch_day DESC, user_id, endpoint");
    private static final String DAYS_OF_USER = DAYS.formatted("AND user_id = ?", "", "epoch_day, endpoint");

    /** By their times, of which there are indexes. */
    private static final String LOGS = """
                                       SELECT id, user_id, created_at, endpoint, query_params, records_returned, credits_used,
                                              response_time_ms, state
                                         FROM public.usage_logs
                                        WHERE created_at >= ? AND created_at < ? AND (created_at, id) < (?, ?) %s
                                        ORDER BY created_at DESC, id DESC LIMIT ?""";
    private static final String LOGS_OF_ALL = LOGS.formatted("");
    private static final String LOGS_OF_USER = LOGS.formatted("AND user_id = ?");
    private static final String FIND_TIME = "SELECT user_id, created_at FROM public.usage_logs WHERE id = ?";

    private final Statements statements;

    UsageQueries(Statements statements) {
        this.statements = statements;
    }

    /** A row of the usage of all users. */
    record DayKey(LocalDate date, long userId, String endpoint) {}

    /** The usage of all users, the latest dates first, then by user and endpoint: the rows after the one with this key. */
    List<UsageDay> findDays(UsageRange range, Optional<DayKey> after, int limit) {
        return statements.run(DAYS_OF_ALL, statement -> {
            int next = bindRange(statement, range);
            long day = after.map(key -> key.date().toEpochDay()).orElse(Long.MAX_VALUE);
            statement.setLong(next, day);
            statement.setLong(next + 1, day);
            statement.setLong(next + 2, after.map(DayKey::userId).orElse(0L));
            statement.setString(next + 3, after.map(DayKey::endpoint).orElse(""));
            statement.setInt(next + 4, limit);
            return read(statement);
        });
    }

    /** The usage of one user, by date and endpoint. */
    List<UsageDay> findDaysOf(long userId, UsageRange range, int limit) {
        return statements.run(DAYS_OF_USER, statement -> {
            int next = bindRange(statement, range);
            statement.setLong(next, userId);
            statement.setInt(next + 1, limit);
            return read(statement);
        });
    }

    /** @return the number of the next parameter */
    static int bindRange(PreparedStatement statement, UsageRange range) throws SQLException {
        ZoneOffsets offsets = range.offsets();
        Connection connection = statement.getConnection();
        statement.setArray(1, connection.createArrayOf("bigint",
                offsets.spans().stream().map(span -> (long) span.offsetSeconds()).toArray()));
        statement.setArray(2, connection.createArrayOf("bigint",
                offsets.spans().stream().map(Span::fromEpochSecond).toArray()));
        statement.setObject(3, range.from());
        statement.setObject(4, range.until());
        return 5;
    }

    private static List<UsageDay> read(PreparedStatement statement) throws SQLException {
        List<UsageDay> days = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                days.add(new UsageDay(LocalDate.ofEpochDay(row.getLong("epoch_day")), row.getLong("user_id"),
                        row.getString("email"), row.getString("endpoint"), row.getLong("requests"),
                        row.getLong("records_returned"), row.getLong("credits_used")));
            }
        }
        return days;
    }

    /** A row of the list of questions. */
    record LogKey(long userId, OffsetDateTime createdAt, long id) {}

    /**
     * Questions, the latest first; of the same time, those with greater ids first.
     *
     * @param userId of whom; empty for those of all
     * @param before only rows that come after this one in the list
     */
    List<UsageLog> findLogs(OptionalLong userId, UsageRange range, Optional<LogKey> before, int limit) {
        return statements.run(userId.isPresent() ? LOGS_OF_USER : LOGS_OF_ALL, statement -> {
            statement.setObject(1, range.from());
            statement.setObject(2, range.until());
            statement.setObject(3, before.map(LogKey::createdAt).orElseGet(range::until));
            statement.setLong(4, before.map(LogKey::id).orElse(0L));
            int next = 5;
            if (userId.isPresent()) {
                statement.setLong(next++, userId.getAsLong());
            }
            statement.setInt(next, limit);
            return logs(statement);
        });
    }

    Optional<LogKey> findLog(long id) {
        return statements.run(FIND_TIME, statement -> {
            statement.setLong(1, id);
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? Optional.of(new LogKey(row.getLong(1), row.getObject(2, OffsetDateTime.class), id))
                        : Optional.empty();
            }
        });
    }

    private static List<UsageLog> logs(PreparedStatement statement) throws SQLException {
        List<UsageLog> logs = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                logs.add(new UsageLog(row.getLong("id"), row.getLong("user_id"),
                        row.getObject("created_at", OffsetDateTime.class)
                                .toInstant(),
                        row.getString("endpoint"), row.getString("query_params"), row.getLong("records_returned"),
                        row.getLong("credits_used"), row.getObject("response_time_ms", Long.class),
                        row.getString("state")));
            }
        }
        return logs;
    }
}
