package dev.tally.calls;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import javax.sql.DataSource;

import jakarta.enterprise.context.ApplicationScoped;

import org.postgresql.PGConnection;
import org.postgresql.copy.PGCopyOutputStream;

import dev.tally.platform.problem.DatabaseException;

/** The SQL of a load. */
@ApplicationScoped
class CdrLoadQueries {
    private static final String CREATE_STAGE = """
                                               CREATE TEMP TABLE IF NOT EXISTS cdr_stage (
                                                   line bigint NOT NULL,
                                                   source text COLLATE "C" NOT NULL,
                                                   event_id text COLLATE "C" NOT NULL,
                                                   msisdn text COLLATE "C" NOT NULL,
                                                   call_type text NOT NULL,
                                                   start_time timestamptz NOT NULL,
                                                   duration_seconds integer NOT NULL)""";
    private static final String COPY_STAGE = "COPY pg_temp.cdr_stage (" + CopyEncoder.COLUMNS
            + ") FROM STDIN (FORMAT binary)";
    /**
     * Loads of the same source go one after the other, so that the second of two loads of the same file finds the
     * events of the first, rather than colliding with them. Few locks, taken in order, however many sources there are.
     */
    private static final String LOCK_SOURCES = """
                                               SELECT pg_advisory_xact_lock('cdr_data.cdr_event'::regclass::oid::integer, lock)
                                                 FROM (SELECT DISTINCT hashtext(source) & 63 AS lock FROM pg_temp.cdr_stage ORDER BY 1) AS locks""";
    /** Waits for all who add or take away events, and keeps them out. */
    private static final String LOCK_EVENTS = "LOCK TABLE cdr_data.cdr_event IN SHARE ROW EXCLUSIVE MODE";
    private static final String INSERT_NEW = """
                                             INSERT INTO cdr_data.voice_cdr (source, event_id, msisdn, call_type, start_time, duration_seconds)
                                             SELECT DISTINCT ON (source, event_id) source, event_id, msisdn, call_type, start_time, duration_seconds
                                               FROM pg_temp.cdr_stage AS stage
                                              WHERE NOT EXISTS (SELECT FROM cdr_data.cdr_event AS event
                                                                 WHERE event.source = stage.source AND event.event_id = stage.event_id)
                                              ORDER BY source, event_id, line""";
    /** After the insert: the staged rows whose event is stored with other content. */
    private static final String CONFLICTS = """
                                            SELECT line, count(*) OVER () AS conflicts
                                              FROM pg_temp.cdr_stage AS stage
                                             WHERE NOT EXISTS (SELECT FROM cdr_data.voice_cdr AS cdr
                                                                WHERE cdr.msisdn = stage.msisdn AND cdr.start_time = stage.start_time
                                                                  AND cdr.source = stage.source AND cdr.event_id = stage.event_id
                                                                  AND cdr.call_type = stage.call_type
                                                                  AND cdr.duration_seconds = stage.duration_seconds)
                                             ORDER BY line
                                             LIMIT ?""";

    /** The server's own time-out comes first: it says more. */
    private static final int MARGIN_SECONDS = 10;

    private final DataSource dataSource;

    CdrLoadQueries(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** @param maxSeconds how long one statement may take */
    Load open(int maxSeconds) {
        try {
            Connection connection = dataSource.getConnection();
            try {
                return new Load(connection, maxSeconds);
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            throw new DatabaseException(e);
        }
    }

    /** Writes CDRs to the stage. */
    @FunctionalInterface
    interface Staging {
        /** @throws IOException when the upload breaks off */
        void writeTo(OutputStream copy) throws IOException;
    }

    /**
     * After {@link Load#insertNew}.
     *
     * @param count all of them
     * @param lines the first of them, ascending
     */
    record Conflicts(long count, List<Long> lines) {}

    /**
     * One load, on one connection: rows are staged in a table of the connection's own, and from there added to the CDRs
     * in one transaction.
     */
    static final class Load implements AutoCloseable {
        private final Connection connection;
        private final int maxSeconds;
        private final int usualSilenceMillis;

        private Load(Connection connection, int maxSeconds) throws SQLException {
            this.connection = connection;
            this.maxSeconds = maxSeconds;
            this.usualSilenceMillis = connection.getNetworkTimeout();
        }

        private void silence(int maxMillis) throws SQLException {
            connection.setNetworkTimeout(Runnable::run, maxMillis);
        }

        /**
         * Fills the empty stage; it outlives a rollback of what follows.
         *
         * @throws IOException when the upload breaks off; then nothing is staged
         */
        void stage(Staging staging) throws IOException {
            try {
                connection.setAutoCommit(false);
                execute("SET LOCAL statement_timeout = " + maxSeconds * 1000L);
                execute(CREATE_STAGE);
                execute("TRUNCATE pg_temp.cdr_stage");
                // That of the pool, which has found a dead connection by now, would take a long statement for one.
                silence((maxSeconds + MARGIN_SECONDS) * 1_000);
                copy(staging);
                execute("ANALYZE pg_temp.cdr_stage");
                connection.commit();
            } catch (SQLException e) {
                throw new DatabaseException(e);
            }
        }

        private void copy(Staging staging) throws SQLException, IOException {
            PGCopyOutputStream copy = new PGCopyOutputStream(connection.unwrap(PGConnection.class), COPY_STAGE);
            try {
                staging.writeTo(copy);
                copy.endCopy();
            } catch (IOException | UncheckedIOException e) {
                // The stream to the database wraps its faults.
                if (e.getCause() instanceof SQLException database) {
                    throw database;
                }
                throw e;
            } finally {
                // A COPY that is neither ended nor cancelled would keep the connection from being used again.
                if (copy.isActive()) {
                    copy.cancelCopy();
                }
            }
        }

        /** Makes the partitions of these months, each in a transaction of its own: others wait for such a one. */
        void ensureMonths(Collection<LocalDate> months) {
            try (PreparedStatement statement = connection.prepareStatement("SELECT cdr_data.ensure_month(?)")) {
                for (LocalDate month : months) {
                    execute("SET LOCAL statement_timeout = " + maxSeconds * 1000L);
                    statement.setObject(1, month);
                    statement.execute();
                    connection.commit();
                }
            } catch (SQLException e) {
                throw new DatabaseException(e);
            }
        }

        /**
         * Adds the staged CDRs whose event is new; gives how many. The transaction stays open.
         *
         * @param alone whether every other writer of CDRs has to wait meanwhile
         */
        long insertNew(boolean alone) {
            try {
                execute("SET LOCAL statement_timeout = " + maxSeconds * 1000L);
                execute(LOCK_SOURCES);
                if (alone) {
                    execute(LOCK_EVENTS);
                }
                try (Statement statement = connection.createStatement()) {
                    return statement.executeLargeUpdate(INSERT_NEW);
                }
            } catch (SQLException e) {
                throw new DatabaseException(e);
            }
        }

        /** The staged rows whose event is stored with other content. */
        Conflicts findConflicts(int maxLines) {
            try {
                // A look into the index for each row, never a scan of all CDRs.
                execute("SET LOCAL enable_hashjoin = off");
                execute("SET LOCAL enable_mergejoin = off");
                try (PreparedStatement statement = connection.prepareStatement(CONFLICTS)) {
                    statement.setInt(1, maxLines);
                    long count = 0;
                    List<Long> lines = new ArrayList<>();
                    try (ResultSet rows = statement.executeQuery()) {
                        while (rows.next()) {
                            lines.add(rows.getLong("line"));
                            count = rows.getLong("conflicts");
                        }
                    }
                    return new Conflicts(count, lines);
                }
            } catch (SQLException e) {
                throw new DatabaseException(e);
            }
        }

        void commit() {
            try {
                connection.commit();
            } catch (SQLException e) {
                throw new DatabaseException(e);
            }
        }

        void rollback() {
            try {
                connection.rollback();
            } catch (SQLException e) {
                throw new DatabaseException(e);
            }
        }

        /** Gives the connection back; what was not committed is undone, and the stage's room is freed. */
        @Override
        public void close() {
            try (connection) {
                connection.rollback();
                execute("DROP TABLE IF EXISTS pg_temp.cdr_stage");
                connection.commit();
                connection.setAutoCommit(true);
                silence(usualSilenceMillis);
            } catch (SQLException e) {
                throw new DatabaseException(e);
            }
        }

        private void execute(String sql) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql);
            }
        }
    }
}
