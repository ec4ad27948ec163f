package dev.tally.credits;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import javax.sql.DataSource;

import org.junit.jupiter.api.Test;

import dev.tally.testsupport.ScratchDatabase;

/** The plans of the ledger's functions, which a connection makes once and keeps. */
class LedgerPlansTest {
    private static final DataSource DATABASE = ScratchDatabase.create("tally_ledger_plans");
    private static final int BATCH = 50;
    private static final int BATCHES = 60;
    /** Of each of a batch: its account, entry and usage, some of them twice; and of each statement the same few. */
    private static final int MAX_ROWS_READ = 10 * BATCH;
    private static final String CHARGE = """
                                         SELECT array_agg(usage_id) FROM ledger.charge(
                                             array_fill(1::bigint, ARRAY[50]), array_fill(1::bigint, ARRAY[50]),
                                             array_fill('/query'::text, ARRAY[50]), array_fill('{}'::text, ARRAY[50]),
                                             (SELECT array_agg(sha256(gen_random_uuid()::text::bytea))
                                                FROM generate_series(1, 50)),
                                             array_fill('\\x00'::bytea, ARRAY[50]),
                                             (SELECT array_agg(gen_random_uuid()) FROM generate_series(1, 50)),
                                             now(), now() + interval '90 s', now() + interval '1 day', 5)""";

    @Test
    void readsNoMoreForAChargeWhenTheLedgerHasGrown() throws SQLException {
        try (Connection connection = DATABASE.getConnection(); Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO users (id, name, email) VALUES (1, 'John Smith', 'john@example.com')");
            statement.execute("INSERT INTO credits (user_id, credits_balance) VALUES (1, 1000000)");
            // What autovacuum may find: tables with hardly a row.
            statement.execute("VACUUM ANALYZE");
            for (int batch = 0; batch < BATCHES; batch++) {
                chargeSettleAndRefund(connection);
            }

            connection.setAutoCommit(false);
            long before = rowsRead(connection);
            chargeSettleAndRefund(connection);
            long read = rowsRead(connection) - before;
            connection.rollback();

            assertThat(read).isBetween((long) BATCH, (long) MAX_ROWS_READ);
        }
    }

    /** Settles the first half of a batch, and gives the rest back. */
    private static void chargeSettleAndRefund(Connection connection) throws SQLException {
        String ids = value(connection, CHARGE);
        assertThat(value(connection, "SELECT count(*) FROM ledger.settle(('" + ids + "'::bigint[])[1:25],"
                + " array_fill(1::bigint, ARRAY[25]), array_fill(1::bigint, ARRAY[25]))")).isEqualTo("25");
        assertThat(value(connection, "SELECT count(*) FROM ledger.refund(('" + ids + "'::bigint[])[26:50],"
                + " '{open}', now())")).isEqualTo("25");
    }

    private static long rowsRead(Connection connection) throws SQLException {
        return Long.parseLong(value(connection, "SELECT sum(seq_tup_read + COALESCE(idx_tup_fetch, 0))"
                + " FROM pg_stat_xact_user_tables WHERE schemaname IN ('public', 'platform', 'ledger')"));
    }

    private static String value(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
