package dev.tally.interactions;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

import dev.tally.testsupport.PostgresForTests;

/** The tables of this job in the database of the application under test. */
public final class InteractionsDatabase {
    private InteractionsDatabase() {}

    /** As before the first import. */
    public static void clear() {
        run("TRUNCATE interactions.import, interactions.customer, interactions.channel, interactions.product RESTART IDENTITY CASCADE");
        run("UPDATE interactions.data_version SET version = version + 1, changed_at = NULL");
    }

    /**
     * Lets no import end until this is closed, however fast the machine is: what it has read may not be stored yet. What
     * is there may be read.
     */
    public static Connection hold() throws SQLException {
        Connection held = PostgresForTests.dataSource().getConnection();
        held.setAutoCommit(false);
        try (Statement statement = held.createStatement()) {
            statement.execute("LOCK TABLE interactions.interaction IN SHARE MODE");
        }
        return held;
    }

    static void run(String sql) {
        try (Connection connection = PostgresForTests.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The rows of a query, their columns separated by blanks. */
    static List<String> rows(String sql) {
        try (Connection connection = PostgresForTests.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            List<String> rows = new ArrayList<>();
            while (result.next()) {
                List<String> columns = new ArrayList<>();
                for (int column = 1; column <= result.getMetaData().getColumnCount(); column++) {
                    columns.add(String.valueOf(result.getString(column)));
                }
                rows.add(String.join(" ", columns));
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Everything that answers show, and that an import can bring. */
    static List<String> visible() {
        List<String> visible = new ArrayList<>();
        visible.addAll(rows("SELECT 'customer', customer_id, occupation, type FROM interactions.customer ORDER BY 2"));
        visible.addAll(rows("SELECT 'channel', key, name FROM interactions.channel ORDER BY 2"));
        visible.addAll(rows("SELECT 'product', key, name FROM interactions.product ORDER BY 2"));
        visible.addAll(rows("SELECT DISTINCT 'discussion', key, month FROM interactions.discussion "
                + "JOIN interactions.product USING (product_id) ORDER BY 2, 3"));
        visible.addAll(rows("SELECT 'interaction', customer_id, at AT TIME ZONE 'UTC', key, occurrence "
                + "FROM interactions.interaction JOIN interactions.channel USING (channel_id) ORDER BY 2, 3, 4, 5"));
        return visible;
    }
}
