package dev.tally.platform.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicBoolean;

import javax.sql.DataSource;

import org.junit.jupiter.api.Test;

import dev.tally.testsupport.ScratchDatabase;

class MigrationQueriesTest {
    private static final DataSource DATABASE = ScratchDatabase.create("tally_migration_lock");

    private final MigrationQueries lock = new MigrationQueries(DATABASE);

    @Test
    void saysWhatFailedAlsoWhenTheLockIsLostMeanwhile() {
        IllegalStateException fault = new IllegalStateException("What failed");

        assertThatThrownBy(() -> lock.runAlone(() -> {
            endTheHolder();
            throw fault;
        })).isSameAs(fault)
                .satisfies(thrown -> assertThat(thrown.getSuppressed()).hasAtLeastOneElementOfType(SQLException.class));
    }

    @Test
    void isFreeForTheNextAfterWorkThatFailed() {
        AtomicBoolean ran = new AtomicBoolean();
        assertThatThrownBy(() -> lock.runAlone(() -> {
            throw new IllegalStateException();
        })).isInstanceOf(IllegalStateException.class);

        lock.runAlone(() -> ran.set(true));

        assertThat(ran).isTrue();
        assertThat(holders()).isZero();
    }

    private static void endTheHolder() {
        run("SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_locks WHERE locktype = 'advisory'"
                + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())");
    }

    private static long holders() {
        return run("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
                + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())");
    }

    private static long run(String sql) {
        try (Connection connection = DATABASE.getConnection();
                Statement statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
