package dev.tally.interactions;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import dev.tally.platform.postgres.SnapshotQueries;
import dev.tally.platform.problem.DatabaseException;

/** Reads figures about interactions. Each answer is made of one snapshot of the database. */
@ApplicationScoped
class StatisticsQueries {
    private static final Logger LOG = Logger.getLogger(StatisticsQueries.class);
    /** How many rows are held in memory of an answer that is read through a cursor. */
    private static final int FETCH_ROWS = 2_000;

    private final DataSource dataSource;
    private final SnapshotQueries snapshots;
    private final String[] channelKeys;
    private final String[] channelNames;
    private final int configuration;

    StatisticsQueries(DataSource dataSource, SnapshotQueries snapshots, InteractionsConfig config) {
        this.dataSource = dataSource;
        this.snapshots = snapshots;
        this.channelKeys = config.channels().stream().map(Spelling::channelKey).toArray(String[]::new);
        this.channelNames = config.channels().toArray(String[]::new);
        this.configuration = List.of(config.channels(), config.zone()).hashCode();
    }

    /**
     * Which interactions are counted.
     *
     * @param topicKey those of the months in which this product was discussed; null for all
     */
    record Filter(Period period, @Nullable String topicKey) {}

    /**
     * Which state of the data an answer was made from.
     *
     * @param changedAt when it last changed; null before there is any
     * @param number grows with every change
     */
    record Version(@Nullable Instant changedAt, long number) {}

    /** Takes the rows of a query. */
    interface Rows<T> {
        /** Before the first row; false when none is wanted. */
        boolean begin(Version version);

        void row(T row);

        /** What ends the query from another thread; given before the query starts. */
        void onAbandoned(Runnable cancel);
    }

    record ChannelCount(String channel, long interactions) {}

    /** @param channelId null for a customer without interactions */
    record CustomerCount(long customerId, @Nullable Integer channelId, long interactions) {}

    /** @param keys of each group: a text, the id of a customer, or null */
    record GroupCount(List<@Nullable Object> keys, long interactions) {}

    record TypeCount(@Nullable String type, long customers) {}

    /**
     * @param id null when no interaction has it yet
     */
    record ShownChannel(@Nullable Integer id, String name) {}

    /** The channels that are shown, in their order, and of which state of the data. */
    record ShownChannels(Version version, List<ShownChannel> channels) {}

    ShownChannels findChannels() {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(StatisticsSql.CHANNELS)) {
            new Binder(connection, statement).configuredChannels();
            try (ResultSet rows = statement.executeQuery()) {
                Version version = new Version(null, 0);
                List<ShownChannel> channels = new ArrayList<>();
                while (rows.next()) {
                    version = version(rows);
                    if (rows.getString("name") != null) {
                        channels.add(new ShownChannel(rows.getObject("channel_id", Integer.class),
                                rows.getString("name")));
                    }
                }
                return new ShownChannels(version, channels);
            }
        } catch (SQLException e) {
            throw new DatabaseException(e);
        }
    }

    /** The interactions of one customer by channel, zeros included; false when there is no such customer. */
    boolean findOfCustomer(long customerId, Filter filter, Rows<ChannelCount> rows) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection
                        .prepareStatement(StatisticsSql.ofCustomer(filter.topicKey() != null))) {
            Binder binder = new Binder(connection, statement);
            binder.bigint(customerId);
            binder.configuredChannels();
            binder.bigint(customerId);
            binder.filter(filter);
            rows.onAbandoned(() -> cancel(statement));
            try (ResultSet result = statement.executeQuery()) {
                boolean any = result.next();
                if (!any || !result.getBoolean("known")) {
                    return false;
                }
                if (rows.begin(version(result))) {
                    do {
                        if (result.getString("name") != null) {
                            rows.row(new ChannelCount(result.getString("name"), result.getLong("interactions")));
                        }
                    } while (result.next());
                }
                return true;
            }
        } catch (SQLException e) {
            throw new DatabaseException(e);
        }
    }

    /** The interactions of every customer by channel, a row for each pair that there is, by customer. */
    void findOfAll(Filter filter, Rows<CustomerCount> rows) {
        stream(StatisticsSql.ofAll(filter.topicKey() != null), rows, binder -> binder.filter(filter),
                row -> new CustomerCount(row.getLong("customer_id"), row.getObject("channel_id", Integer.class),
                        row.getLong("interactions")));
    }

    void findGrouped(List<GroupBy> groups, Filter filter, Rows<GroupCount> rows) {
        stream(StatisticsSql.grouped(groups, filter.topicKey() != null), rows, binder -> {
            if (StatisticsSql.needsMonth(groups)) {
                binder.months(filter.period());
            }
            if (groups.contains(GroupBy.CHANNEL)) {
                binder.configuredChannels();
            }
            binder.filter(filter);
        }, row -> {
            List<@Nullable Object> keys = new ArrayList<>();
            for (int i = 0; i < groups.size(); i++) {
                keys.add(groups.get(i) == GroupBy.CUSTOMER ? row.getLong(i + 1) : row.getString(i + 1));
            }
            return new GroupCount(keys, row.getLong("interactions"));
        });
    }

    /** @param filter to count only customers with such interactions; null for all customers */
    void findCustomersByType(@Nullable Filter filter, Rows<TypeCount> rows) {
        boolean topic = filter != null && filter.topicKey() != null;
        stream(StatisticsSql.customersByType(filter != null, topic), rows, binder -> {
            if (filter != null) {
                binder.filter(filter);
            }
        }, row -> new TypeCount(row.getString("type"), row.getLong("customers")));
    }

    @FunctionalInterface
    private interface RowReader<T> {
        T read(ResultSet row) throws SQLException;
    }

    @FunctionalInterface
    private interface Binding {
        void bind(Binder binder) throws SQLException;
    }

    private <T> void stream(String sql, Rows<T> rows, Binding binding, RowReader<T> reader) {
        snapshots.run(connection -> {
            try (PreparedStatement state = connection.prepareStatement(StatisticsSql.VERSION);
                    ResultSet version = state.executeQuery()) {
                version.next();
                if (!rows.begin(version(version))) {
                    return;
                }
            }
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                binding.bind(new Binder(connection, statement));
                statement.setFetchSize(FETCH_ROWS);
                rows.onAbandoned(() -> cancel(statement));
                try (ResultSet result = statement.executeQuery()) {
                    while (result.next()) {
                        rows.row(reader.read(result));
                    }
                }
            }
        });
    }

    /** The same data shows other rows after the configuration was changed. */
    private Version version(ResultSet row) throws SQLException {
        OffsetDateTime changedAt = row.getObject("changed_at", OffsetDateTime.class);
        return new Version(changedAt == null ? null : changedAt.toInstant(),
                row.getLong("version") ^ ((long) configuration << Integer.SIZE));
    }

    private static void cancel(Statement statement) {
        try {
            statement.cancel();
        } catch (SQLException e) {
            LOG.debug("The query had ended already", e);
        }
    }

    /** Sets the parameters of a statement in their order. */
    private final class Binder {
        private final Connection connection;
        private final PreparedStatement statement;
        private int index;

        Binder(Connection connection, PreparedStatement statement) {
            this.connection = connection;
            this.statement = statement;
        }

        void bigint(long value) throws SQLException {
            statement.setLong(++index, value);
        }

        void configuredChannels() throws SQLException {
            array("text", channelKeys);
            array("text", channelNames);
        }

        void filter(Filter filter) throws SQLException {
            statement.setObject(++index, filter.period().from());
            statement.setObject(++index, filter.period().until());
            if (filter.topicKey() != null) {
                statement.setString(++index, filter.topicKey());
                months(filter.period());
            }
        }

        void months(Period period) throws SQLException {
            statement.setObject(++index, period.firstMonth());
            array("bigint", period.monthStarts());
        }

        private void array(String type, Object[] values) throws SQLException {
            statement.setArray(++index, connection.createArrayOf(type, values));
        }
    }
}
