package dev.tally.platform.postgres;

import java.util.Properties;

import org.postgresql.PGProperty;

import dev.tally.local.LocalPostgres;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/** Pools for tests without the application. */
public final class PoolsForTests {
    private static final Vertx VERTX = Vertx.vertx();

    private PoolsForTests() {}

    /** A pool for the database of this URL, with the user of the local server. */
    public static EventLoopPool of(String jdbcUrl) {
        return new EventLoopPool(VERTX, new Bounds(), ConnectSettings.of(jdbcUrl, defaults()));
    }

    /** What JDBC's driver would be given beside the URL. */
    static Properties defaults() {
        Properties defaults = new Properties();
        PGProperty.USER.set(defaults, LocalPostgres.USER);
        PGProperty.PASSWORD.set(defaults, "none");
        PGProperty.APPLICATION_NAME.set(defaults, "tally test");
        return defaults;
    }

    /** Waits for what happens on an event loop. */
    public static <T> T await(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }

    private record Bounds() implements PostgresConfig {
        @Override
        public boolean migrateAtStart() {
            return false;
        }

        @Override
        public int maxConnections() {
            return 8;
        }

        @Override
        public int maxEventLoopConnections() {
            return 2;
        }

        @Override
        public int maxStatementSeconds() {
            return 30;
        }

        @Override
        public int maxWaitSeconds() {
            return 2;
        }

        @Override
        public int maxConnectSeconds() {
            return 2;
        }

        @Override
        public int maxSilenceSeconds() {
            return 3;
        }
    }
}
