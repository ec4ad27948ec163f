package dev.tally.calls;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.stream.Stream;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import dev.tally.platform.postgres.SnapshotQueries;
import dev.tally.platform.time.ZoneOffsets;
import dev.tally.platform.time.ZoneOffsets.Span;

/** Reads the usage of several subscribers; {@link SubscriberQueries} that of one. Each answer is made of one snapshot of the database. */
@ApplicationScoped
class UsageQueries {
    private static final Logger LOG = Logger.getLogger(UsageQueries.class);
    /** How many rows are held in memory of an answer that is read through a cursor. */
    private static final int FETCH_ROWS = 2_000;
    private static final int EPOCH_DAY = 2;

    private final SnapshotQueries snapshots;

    UsageQueries(SnapshotQueries snapshots) {
        this.snapshots = snapshots;
    }

    /**
     * The days with calls of several subscribers, by MSISDN and date, read through a cursor.
     *
     * @param msisdns each once
     */
    void findDays(List<Msisdn> msisdns, UsagePeriod period, UsageRows<UsageDay> rows) {
        ZoneOffsets offsets = period.offsets();
        snapshots.run(connection -> {
            String[] numbers = msisdns.stream().map(Msisdn::digits).toArray(String[]::new);
            if (!begin(connection, UsageSql.VERSION_OF_MANY, numbers, rows)) {
                return;
            }
            try (PreparedStatement statement = connection.prepareStatement(UsageSql.ofMany(offsets.isUtc()))) {
                Binder binder = new Binder(connection, statement);
                if (offsets.isUtc()) {
                    binder.array("text", numbers);
                    binder.dates(period.first(), period.last());
                } else {
                    binder.offsets(offsets);
                    for (int part = 1; part <= 2; part++) {
                        binder.array("text", numbers);
                        binder.dates(period.first().minusDays(1), period.last().plusDays(1));
                    }
                    binder.epochDays(period.first(), period.last());
                }
                stream(statement, rows, UsageQueries::day);
            }
        });
    }

    /** The subscribers with the most calls or seconds, ties by MSISDN. */
    void findTop(TopBy by, UsagePeriod period, int limit, UsageRows<TopSubscriber> rows) {
        boolean utc = period.offsets().isUtc();
        LocalDate first = period.first();
        LocalDate last = period.last();
        // A day of UTC has instants of at most three local dates: the one before, the same, the one after.
        LocalDate[] edges = utc
                ? new LocalDate[0]
                : Stream.of(first.minusDays(1), first, last, last.plusDays(1)).distinct().toArray(LocalDate[]::new);
        snapshots.run(connection -> {
            if (!begin(connection, UsageSql.VERSION_OF_ALL, null, rows)) {
                return;
            }
            try (PreparedStatement statement = connection.prepareStatement(UsageSql.top(by))) {
                Binder binder = new Binder(connection, statement);
                binder.dates(utc ? first : first.plusDays(1), utc ? last : last.minusDays(1));
                binder.offsets(period.offsets());
                binder.array("date", edges);
                binder.array("date", edges);
                binder.epochDays(first, last);
                binder.integer(limit);
                stream(statement, rows, result -> new TopSubscriber(result.getString("msisdn"),
                        result.getLong("total_calls"), result.getLong("total_duration_seconds")));
            }
        });
    }

    private boolean begin(Connection connection, String sql, String @Nullable [] msisdns, UsageRows<?> rows)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            if (msisdns != null) {
                new Binder(connection, statement).array("text", msisdns);
            }
            rows.onAbandoned(() -> cancel(statement));
            try (ResultSet result = statement.executeQuery()) {
                result.next();
                return rows.begin(version(result));
            }
        }
    }

    private static <T> void stream(PreparedStatement statement, UsageRows<T> rows, RowReader<T> reader)
            throws SQLException {
        statement.setFetchSize(FETCH_ROWS);
        rows.onAbandoned(() -> cancel(statement));
        try (ResultSet result = statement.executeQuery()) {
            while (result.next()) {
                rows.row(reader.read(result));
            }
        }
    }

    @FunctionalInterface
    private interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    private static DataVersion version(ResultSet row) throws SQLException {
        return new DataVersion(instant(row, "changed_at"), row.getLong("version"));
    }

    /** Columns by place, as UsageSql names them: to look each up by its name was seen to take a twentieth of an answer. */
    private static UsageDay day(ResultSet row) throws SQLException {
        Measures measures = new Measures(row.getLong(EPOCH_DAY + 1), row.getLong(EPOCH_DAY + 2),
                row.getLong(EPOCH_DAY + 3), row.getLong(EPOCH_DAY + 4), row.getInt(EPOCH_DAY + 5),
                row.getInt(EPOCH_DAY + 6));
        return new UsageDay(row.getString(1), LocalDate.ofEpochDay(row.getInt(EPOCH_DAY)), measures, null, null);
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }

    private static void cancel(Statement statement) {
        try {
            statement.cancel();
        } catch (SQLException e) {
            LOG.debug("The query had ended already", e);
        }
    }

    /** Sets the parameters of a statement in their order. */
    private static final class Binder {
        private final Connection connection;
        private final PreparedStatement statement;
        private int index;

        Binder(Connection connection, PreparedStatement statement) {
            this.connection = connection;
            this.statement = statement;
        }

        void integer(int value) throws SQLException {
            statement.setInt(++index, value);
        }

        void dates(LocalDate first, LocalDate last) throws SQLException {
            statement.setObject(++index, first);
            statement.setObject(++index, last);
        }

        void epochDays(LocalDate first, LocalDate last) throws SQLException {
            statement.setLong(++index, first.toEpochDay());
            statement.setLong(++index, last.toEpochDay());
        }

        void array(String type, Object[] values) throws SQLException {
            statement.setArray(++index, connection.createArrayOf(type, values));
        }

        void offsets(ZoneOffsets offsets) throws SQLException {
            array("bigint", SubscriberQueries.micros(offsets, Span::offsetSeconds));
            array("bigint", SubscriberQueries.micros(offsets, Span::fromEpochSecond));
        }
    }
}
