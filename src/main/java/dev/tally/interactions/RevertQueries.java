package dev.tally.interactions;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;

import dev.tally.platform.problem.DatabaseException;

/**
 * The SQL that takes an import back, as if it had never been: what others brought too stays, with what they said of it.
 * Every method works in the transaction of its caller, and says how much of what answers show it changed.
 */
@ApplicationScoped
class RevertQueries {
    private static final String FORGET_REPEATS = "DELETE FROM interactions.interaction_repeat WHERE import_no = ?";
    /** What others brought too is theirs from now on. */
    private static final String HAND_ON = """
                                          WITH heir AS (
                                              SELECT customer_id, at, channel_id, occurrence, min(repeat.import_no) AS import_no
                                                FROM interactions.interaction_repeat AS repeat
                                                JOIN interactions.interaction USING (customer_id, at, channel_id, occurrence)
                                               WHERE interaction.import_no = ?
                                               GROUP BY customer_id, at, channel_id, occurrence
                                          ), no_repeat AS (
                                              DELETE FROM interactions.interaction_repeat AS repeat USING heir
                                               WHERE (repeat.customer_id, repeat.at, repeat.channel_id, repeat.occurrence, repeat.import_no)
                                                   = (heir.customer_id, heir.at, heir.channel_id, heir.occurrence, heir.import_no))
                                          UPDATE interactions.interaction SET import_no = heir.import_no FROM heir
                                           WHERE (interaction.customer_id, interaction.at, interaction.channel_id, interaction.occurrence)
                                               = (heir.customer_id, heir.at, heir.channel_id, heir.occurrence)""";
    private static final String REMOVE_INTERACTIONS = "DELETE FROM interactions.interaction WHERE import_no = ?";

    private static final String REMOVE_DISCUSSIONS = """
                                                     DELETE FROM interactions.discussion AS mine WHERE import_no = ?
                                                        AND NOT EXISTS (SELECT FROM interactions.discussion AS other
                                                                         WHERE (other.product_id, other.month) = (mine.product_id, mine.month)
                                                                           AND other.import_no <> mine.import_no)""";
    private static final String FORGET_DISCUSSIONS = "DELETE FROM interactions.discussion WHERE import_no = ?";

    private static final String CREATE_FORGOTTEN = "CREATE TEMP TABLE revert_customer (customer_id bigint PRIMARY KEY) ON COMMIT DROP";
    private static final String FORGET_CUSTOMERS = """
                                                   WITH forgotten AS (
                                                       DELETE FROM interactions.customer_source WHERE import_no = ? RETURNING customer_id)
                                                   INSERT INTO pg_temp.revert_customer SELECT customer_id FROM forgotten""";
    private static final String RESTORE_CUSTOMERS = """
                                                    UPDATE interactions.customer SET occupation = earlier.occupation, type = earlier.type
                                                      FROM (SELECT DISTINCT ON (customer_id) customer_id,
                                                                   CASE WHEN listed THEN occupation END AS occupation,
                                                                   CASE WHEN listed THEN type END AS type
                                                              FROM pg_temp.revert_customer JOIN interactions.customer_source USING (customer_id)
                                                             ORDER BY customer_id, listed DESC, import_no DESC) AS earlier
                                                     WHERE customer.customer_id = earlier.customer_id
                                                       AND (customer.occupation, customer.type) IS DISTINCT FROM (earlier.occupation, earlier.type)""";
    private static final String REMOVE_CUSTOMERS = """
                                                   DELETE FROM interactions.customer USING pg_temp.revert_customer AS forgotten
                                                    WHERE customer.customer_id = forgotten.customer_id
                                                      AND NOT EXISTS (SELECT FROM interactions.customer_source AS source
                                                                       WHERE source.customer_id = customer.customer_id)""";

    private final DataSource dataSource;

    RevertQueries(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    long removeInteractions(int importNo) {
        run(FORGET_REPEATS, importNo);
        run(HAND_ON, importNo);
        return run(REMOVE_INTERACTIONS, importNo);
    }

    long removeDiscussions(int importNo) {
        long removed = run(REMOVE_DISCUSSIONS, importNo);
        run(FORGET_DISCUSSIONS, importNo);
        return removed;
    }

    /** After the interactions. */
    long removeCustomers(int importNo) {
        run(CREATE_FORGOTTEN);
        run(FORGET_CUSTOMERS, importNo);
        return run(RESTORE_CUSTOMERS) + run(REMOVE_CUSTOMERS);
    }

    /** After the interactions. */
    long removeChannels(int importNo) {
        return removeNames("channel", importNo);
    }

    /** After the discussions. */
    long removeProducts(int importNo) {
        return removeNames("product", importNo);
    }

    /** Removes the names that only this import brought, and spells the others as the first of those left does. */
    private long removeNames(String table, int importNo) {
        run("DELETE FROM interactions.%1$s_source WHERE import_no = ?".formatted(table), importNo);
        long removed = run("""
                           DELETE FROM interactions.%1$s AS named
                            WHERE NOT EXISTS (SELECT FROM interactions.%1$s_source AS source
                                               WHERE source.%1$s_id = named.%1$s_id)""".formatted(table));
        return removed + run("""
                             UPDATE interactions.%1$s AS named SET name = first.name
                               FROM (SELECT DISTINCT ON (%1$s_id) %1$s_id, name FROM interactions.%1$s_source
                                      ORDER BY %1$s_id, import_no) AS first
                              WHERE named.%1$s_id = first.%1$s_id AND named.name <> first.name""".formatted(table));
    }

    private long run(String sql, int... parameters) {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setInt(i + 1, parameters[i]);
            }
            return statement.executeLargeUpdate();
        } catch (SQLException e) {
            throw new DatabaseException(e);
        }
    }
}
