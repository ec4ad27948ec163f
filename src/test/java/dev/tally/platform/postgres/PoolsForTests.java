package dev.tally.platform.postgres;

import java.util.List;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;

import org.postgresql.PGProperty;

import dev.tally.local.LocalPostgres;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/** Pools for tests without the application. */
public final class PoolsForTests {
    private static final Vertx VERTX = Vertx.vertx();
    private static final List<Channels> CHANNELS = new CopyOnWriteArrayList<>();

    private PoolsForTests() {}

    /** A pool for the database of this URL, with the user of the local server. */
    public static EventLoopPool of(String jdbcUrl) {
        return new EventLoopPool(VERTX, new Bounds(), ConnectSettings.of(jdbcUrl, defaults()));
    }

    /** What is announced in the database of this URL. */
    public static Channels channels(String jdbcUrl) {
        Channels channels = new Channels(VERTX, ConnectSettings.of(jdbcUrl, defaults()));
        CHANNELS.add(channels);
        return channels;
    }

    /** Listens no more, anywhere. */
    public static void closeChannels() {
        CHANNELS.forEach(Channels::close);
        CHANNELS.clear();
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
