package dev.tally.interactions;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;

import org.postgresql.PGConnection;
import org.postgresql.copy.PGCopyOutputStream;

import dev.tally.platform.problem.DatabaseException;

/**
 * The SQL of an import. Every method works in the transaction of its caller, on the connection that the transaction
 * has.
 */
@ApplicationScoped
class ImportQueries {
    private static final String TRY_LOCK = "SELECT pg_try_advisory_xact_lock('interactions.import'::regclass::oid::bigint)";

    private static final String CREATE_STAGES = """
                                                CREATE TEMP TABLE import_customer (
                                                    row_number bigint NOT NULL, customer_id bigint NOT NULL, occupation text, type text
                                                ) ON COMMIT DROP;
                                                CREATE TEMP TABLE import_interaction (
                                                    row_number bigint NOT NULL, customer_id bigint NOT NULL, at timestamptz NOT NULL,
                                                    channel integer NOT NULL
                                                ) ON COMMIT DROP;
                                                CREATE TEMP TABLE import_discussion (
                                                    row_number bigint NOT NULL, month date NOT NULL, product integer NOT NULL
                                                ) ON COMMIT DROP""";

    /** Rows that list a customer once more: the first counts, and others must say the same. */
    private static final String REPEATED_CUSTOMERS = """
                                                     DELETE FROM pg_temp.import_customer AS later
                                                      USING (SELECT DISTINCT ON (customer_id) row_number, customer_id, occupation, type
                                                               FROM pg_temp.import_customer ORDER BY customer_id, row_number) AS first
                                                      WHERE later.customer_id = first.customer_id AND later.row_number <> first.row_number
                                                     RETURNING later.row_number, later.customer_id, first.row_number,
                                                               (later.occupation, later.type) IS DISTINCT FROM (first.occupation, first.type)""";

    private static final String ADD_CUSTOMERS = """
                                                INSERT INTO interactions.customer (customer_id, occupation, type)
                                                SELECT customer_id, occupation, type FROM pg_temp.import_customer AS stage
                                                 WHERE NOT EXISTS (SELECT FROM interactions.customer WHERE customer.customer_id = stage.customer_id)
                                                 ORDER BY customer_id""";
    private static final String UPDATE_CUSTOMERS = """
                                                   UPDATE interactions.customer SET occupation = stage.occupation, type = stage.type
                                                     FROM pg_temp.import_customer AS stage
                                                    WHERE customer.customer_id = stage.customer_id
                                                      AND (customer.occupation, customer.type) IS DISTINCT FROM (stage.occupation, stage.type)""";
    private static final String ADD_LISTED = """
                                             INSERT INTO interactions.customer_source (customer_id, import_no, listed, occupation, type)
                                             SELECT customer_id, ?, true, occupation, type FROM pg_temp.import_customer ORDER BY customer_id""";

    /** Customers with interactions that the workbook does not list. */
    private static final String FIND_MENTIONED = """
                                                 CREATE TEMP TABLE import_mentioned ON COMMIT DROP AS
                                                 SELECT customer_id, min(row_number) AS row_number FROM pg_temp.import_interaction AS stage
                                                  WHERE NOT EXISTS (SELECT FROM pg_temp.import_customer AS listed
                                                                     WHERE listed.customer_id = stage.customer_id)
                                                  GROUP BY customer_id""";
    private static final String ADD_MENTIONED = """
                                                INSERT INTO interactions.customer (customer_id)
                                                SELECT customer_id FROM pg_temp.import_mentioned AS stage
                                                 WHERE NOT EXISTS (SELECT FROM interactions.customer WHERE customer.customer_id = stage.customer_id)
                                                 ORDER BY row_number, customer_id
                                                RETURNING customer_id""";
    private static final String ADD_MENTIONS = """
                                               INSERT INTO interactions.customer_source (customer_id, import_no, listed)
                                               SELECT customer_id, ?, false FROM pg_temp.import_mentioned ORDER BY customer_id""";
    private static final String ROW_OF_MENTIONED = "SELECT row_number FROM pg_temp.import_mentioned WHERE customer_id = ?";

    /** The staged interactions, each with its how-manieth occurrence in the workbook. */
    private static final String NUMBERED = """
                                           WITH numbered AS MATERIALIZED (
                                               SELECT row_number, customer_id, at, channel_id,
                                                      row_number() OVER (PARTITION BY customer_id, at, channel_id ORDER BY row_number)
                                                          AS occurrence
                                                 FROM pg_temp.import_interaction
                                                 JOIN unnest(?::integer[]) WITH ORDINALITY AS used (channel_id, place)
                                                   ON used.place = channel + 1)
                                           """;
    private static final String ADD_INTERACTIONS = NUMBERED
            + """
              , fresh AS MATERIALIZED (
                  SELECT * FROM numbered
                   WHERE NOT EXISTS (
                       SELECT FROM interactions.interaction AS known
                        WHERE (known.customer_id, known.at, known.channel_id, known.occurrence)
                            = (numbered.customer_id, numbered.at, numbered.channel_id, numbered.occurrence))
              ), added AS (
                  INSERT INTO interactions.interaction (customer_id, at, channel_id, occurrence, import_no)
                  SELECT customer_id, at, channel_id, occurrence, ? FROM fresh)
              SELECT count(*), count(DISTINCT row_number), (SELECT count(*) FROM numbered) FROM fresh""";
    private static final String ADD_REPEATS = NUMBERED
            + """
              INSERT INTO interactions.interaction_repeat (customer_id, at, channel_id, occurrence, import_no)
              SELECT customer_id, at, channel_id, occurrence, ?
                FROM numbered JOIN interactions.interaction AS known USING (customer_id, at, channel_id, occurrence)
               WHERE known.import_no <> ?""";

    private static final String ADD_DISCUSSIONS = """
                                                  WITH named AS (
                                                      SELECT product_id, month
                                                        FROM pg_temp.import_discussion
                                                        JOIN unnest(?::integer[]) WITH ORDINALITY AS used (product_id, place) ON used.place = product + 1
                                                       GROUP BY product_id, month
                                                  ), fresh AS (
                                                      SELECT count(*) AS count FROM named
                                                       WHERE NOT EXISTS (SELECT FROM interactions.discussion AS known
                                                                          WHERE (known.product_id, known.month) = (named.product_id, named.month))
                                                  ), added AS (
                                                      INSERT INTO interactions.discussion (product_id, month, import_no)
                                                      SELECT product_id, month, ? FROM named)
                                                  SELECT count FROM fresh""";

    private static final String ADD_CHANNEL_SOURCES = """
                                                      INSERT INTO interactions.channel_source (channel_id, import_no, name)
                                                      SELECT channel_id, ?, name FROM unnest(?::integer[], ?::text[]) AS used (channel_id, name)""";
    private static final String ADD_PRODUCT_SOURCES = """
                                                      INSERT INTO interactions.product_source (product_id, import_no, name)
                                                      SELECT product_id, ?, name FROM unnest(?::integer[], ?::text[]) AS used (product_id, name)""";

    private static final String CHANGE_VERSION = "UPDATE interactions.data_version SET version = version + 1, changed_at = ?";

    /** The server's own time-out comes first: it says more. */
    private static final int MARGIN_SECONDS = 10;

    private final DataSource dataSource;

    ImportQueries(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Whether no other import or take-back is under way anywhere; holds them off until the transaction ends. */
    boolean tryLock() {
        return with(connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet result = statement.executeQuery(TRY_LOCK)) {
                result.next();
                return result.getBoolean(1);
            }
        });
    }

    /**
     * Lets each statement of the transaction take that long, not as long as one for a request.
     *
     * @return how long nothing may come from the connection usually, for {@link #allowSilence}
     */
    int allowSeconds(int maxSeconds) {
        run("SET LOCAL statement_timeout = " + maxSeconds * 1000L);
        // For the sorts of its rows; there is one import at a time.
        run("SET LOCAL work_mem = '64MB'");
        // So that the lock of a machine that is gone is free after a minute, not after Linux's two hours.
        run("SET LOCAL tcp_keepalives_idle = 30; SET LOCAL tcp_keepalives_interval = 10; SET LOCAL tcp_keepalives_count = 3");
        return with(connection -> {
            int usualMillis = connection.getNetworkTimeout();
            connection.setNetworkTimeout(Runnable::run, (maxSeconds + MARGIN_SECONDS) * 1_000);
            return usualMillis;
        });
    }

    /** At the end of the transaction, because its connection goes back to the pool. */
    void allowSilence(int maxMillis) {
        with(connection -> {
            connection.setNetworkTimeout(Runnable::run, maxMillis);
            return null;
        });
    }

    void createStages() {
        run(CREATE_STAGES);
    }

    /** Reads the rows of a kind. */
    @FunctionalInterface
    interface Staging {
        void readInto(java.io.OutputStream copy) throws IOException;
    }

    /** Fills the stage of a kind. While the rows come, the connection serves nothing else. */
    void stage(SheetKind kind, Staging staging) {
        String table = switch (kind) {
            case CUSTOMERS -> "import_customer";
            case INTERACTIONS -> "import_interaction";
            case PRODUCTS -> "import_discussion";
        };
        with(connection -> {
            copy(connection, table, staging);
            try (Statement statement = connection.createStatement()) {
                statement.execute("ANALYZE pg_temp." + table);
            }
            return null;
        });
    }

    private static void copy(Connection connection, String table, Staging staging) throws SQLException {
        PGCopyOutputStream copy = new PGCopyOutputStream(connection.unwrap(PGConnection.class),
                "COPY pg_temp." + table + " FROM STDIN (FORMAT binary)");
        try {
            staging.readInto(copy);
            copy.endCopy();
        } catch (IOException e) {
            // The stream to the database wraps its faults.
            if (e.getCause() instanceof SQLException database) {
                throw database;
            }
            throw new UncheckedIOException(e);
        } finally {
            // A COPY that is neither ended nor cancelled would keep the connection from being used again.
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }

    /**
     * A row that lists a customer again.
     *
     * @param firstRow the one that counts
     * @param differs whether it says something else
     */
    record RepeatedCustomer(long row, long customerId, long firstRow, boolean differs) {}

    /** Leaves in the stage only the first row of each customer, and gives the others. */
    List<RepeatedCustomer> takeRepeatedCustomers() {
        return with(connection -> {
            List<RepeatedCustomer> repeated = new ArrayList<>();
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(REPEATED_CUSTOMERS)) {
                while (rows.next()) {
                    repeated.add(new RepeatedCustomer(rows.getLong(1), rows.getLong(2), rows.getLong(3),
                            rows.getBoolean(4)));
                }
            }
            return repeated;
        });
    }

    long addCustomers() {
        return update(ADD_CUSTOMERS);
    }

    long updateCustomers() {
        return update(UPDATE_CUSTOMERS);
    }

    /**
     * A customer that only an interaction names.
     *
     * @param row the first such row
     */
    record Mentioned(long customerId, long row) {}

    /** Adds the customers that only interactions name; gives the first of them, and how many there are. */
    long addMentioned(int maxListed, List<Mentioned> listed) {
        return with(connection -> {
            long count = 0;
            try (Statement statement = connection.createStatement();
                    PreparedStatement row = connection.prepareStatement(ROW_OF_MENTIONED)) {
                statement.execute(FIND_MENTIONED);
                List<Long> first = new ArrayList<>();
                try (ResultSet added = statement.executeQuery(ADD_MENTIONED)) {
                    while (added.next()) {
                        count++;
                        if (first.size() < maxListed) {
                            first.add(added.getLong(1));
                        }
                    }
                }
                for (long customerId : first) {
                    row.setLong(1, customerId);
                    try (ResultSet result = row.executeQuery()) {
                        result.next();
                        listed.add(new Mentioned(customerId, result.getLong(1)));
                    }
                }
            }
            return count;
        });
    }

    /** Keeps that this import brought its customers. */
    void addCustomerSources(int importNo) {
        update(ADD_LISTED, importNo);
        update(ADD_MENTIONS, importNo);
    }

    /**
     * @param interactions how many are new
     * @param rows of how many rows of the workbook
     * @param staged how many there are in all
     */
    record AddedInteractions(long interactions, long rows, long staged) {}

    /** @param channelIds of the names of the channels, in their order */
    AddedInteractions addInteractions(int importNo, Integer[] channelIds) {
        AddedInteractions added = with(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(ADD_INTERACTIONS)) {
                statement.setArray(1, connection.createArrayOf("integer", channelIds));
                statement.setInt(2, importNo);
                try (ResultSet result = statement.executeQuery()) {
                    result.next();
                    return new AddedInteractions(result.getLong(1), result.getLong(2), result.getLong(3));
                }
            }
        });
        if (added.interactions() < added.staged()) {
            with(connection -> {
                try (PreparedStatement statement = connection.prepareStatement(ADD_REPEATS)) {
                    statement.setArray(1, connection.createArrayOf("integer", channelIds));
                    statement.setInt(2, importNo);
                    statement.setInt(3, importNo);
                    return statement.executeLargeUpdate();
                }
            });
        }
        return added;
    }

    /**
     * How many pairs of a product and a month are new.
     *
     * @param productIds of the names of the products, in their order
     */
    long addDiscussions(int importNo, Integer[] productIds) {
        return with(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(ADD_DISCUSSIONS)) {
                statement.setArray(1, connection.createArrayOf("integer", productIds));
                statement.setInt(2, importNo);
                try (ResultSet result = statement.executeQuery()) {
                    result.next();
                    return result.getLong(1);
                }
            }
        });
    }

    void addChannelSources(int importNo, Integer[] channelIds, String[] spellings) {
        addSources(ADD_CHANNEL_SOURCES, importNo, "integer", channelIds, spellings);
    }

    void addProductSources(int importNo, Integer[] productIds, String[] spellings) {
        addSources(ADD_PRODUCT_SOURCES, importNo, "integer", productIds, spellings);
    }

    private void addSources(String sql, int importNo, String type, Object[] ids, String[] spellings) {
        with(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setInt(1, importNo);
                statement.setArray(2, connection.createArrayOf(type, ids));
                statement.setArray(3, connection.createArrayOf("text", spellings));
                return statement.executeLargeUpdate();
            }
        });
    }

    /** Answers made from now on show another state of the data. */
    void changeVersion(Instant now) {
        with(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(CHANGE_VERSION)) {
                statement.setObject(1, now.atOffset(ZoneOffset.UTC));
                return statement.executeLargeUpdate();
            }
        });
    }

    private void run(String sql) {
        with(connection -> {
            try (Statement statement = connection.createStatement()) {
                return statement.execute(sql);
            }
        });
    }

    private long update(String sql, int... parameters) {
        return with(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                for (int i = 0; i < parameters.length; i++) {
                    statement.setInt(i + 1, parameters[i]);
                }
                return statement.executeLargeUpdate();
            }
        });
    }

    @FunctionalInterface
    private interface Work<T extends @org.jspecify.annotations.Nullable Object> {
        T run(Connection connection) throws SQLException;
    }

    private <T extends @org.jspecify.annotations.Nullable Object> T with(Work<T> work) {
        try (Connection connection = dataSource.getConnection()) {
            return work.run(connection);
        } catch (SQLException e) {
            throw new DatabaseException(e);
        }
    }
}
