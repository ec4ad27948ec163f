package dev.tally.platform.postgres;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collector;

import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import dev.tally.platform.problem.DatabaseException;
import dev.tally.platform.tracing.Spans;
import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.SqlResult;
import io.vertx.sqlclient.Tuple;
import io.vertx.sqlclient.impl.SocketConnectionBase;
import io.vertx.sqlclient.impl.SqlConnectionInternal;

/**
 * Connections for short answers, which are read and written on the event loop of their request (docs/adr/0005). They are
 * made out of the settings of JDBC's pool. A request gets a connection of its own event loop where there is one, so that
 * nothing changes its thread.
 */
@Singleton
public class EventLoopPool {
    private static final Logger LOG = Logger.getLogger(EventLoopPool.class);
    private static final int MAX_LIFETIME_MINUTES = 30;
    private static final int CLEANER_MILLIS = 1_000;
    private static final int WATCH_MILLIS = 1_000;
    /** At the end of this process, when nobody has a connection any more. */
    private static final int MAX_CLOSE_SECONDS = 2;
    /** SQLSTATEs with which the server ends a session. */
    private static final String SHUTDOWN_CLASS = "57P";

    private final Vertx vertx;
    private final Pool pool;
    private final long maxSilenceNanos;
    private final long watch;
    /** The queries that are under way. */
    private final Set<Turn> turns = ConcurrentHashMap.newKeySet();

    @Inject
    EventLoopPool(Vertx vertx, PostgresConfig config,
            @ConfigProperty(name = "quarkus.datasource.jdbc.url") String jdbcUrl,
            @ConfigProperty(name = "quarkus.datasource.username") Optional<String> username,
            @ConfigProperty(name = "quarkus.datasource.password") Optional<String> password,
            @ConfigProperty(name = "quarkus.datasource.jdbc.additional-jdbc-properties") Map<String, String> more) {
        this(vertx, config, ConnectSettings.of(jdbcUrl, ConnectSettings.properties(username, password, more)));
    }

    EventLoopPool(Vertx vertx, PostgresConfig config, ConnectSettings settings) {
        PoolOptions options = new PoolOptions().setName("tally").setMaxSize(config.maxEventLoopConnections())
                .setConnectionTimeoutUnit(TimeUnit.SECONDS).setConnectionTimeout(config.maxWaitSeconds())
                .setMaxLifetimeUnit(TimeUnit.MINUTES).setMaxLifetime(MAX_LIFETIME_MINUTES)
                // Before the silence of a connection that nobody uses would count as its death.
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setIdleTimeout(Math.toIntExact(TimeUnit.SECONDS.toMillis(config.maxSilenceSeconds()) / 2))
                .setPoolCleanerPeriod(CLEANER_MILLIS);
        this.vertx = vertx;
        maxSilenceNanos = TimeUnit.SECONDS.toNanos(config.maxSilenceSeconds());
        watch = vertx.setPeriodic(WATCH_MILLIS, _ -> cutTheSilent());
        pool = PgBuilder.pool().with(options).connectingTo(new HostChoice(vertx, settings)).using(vertx).build();
    }

    /**
     * Runs a query whose result is short. To be called on an event loop, which it does not block.
     *
     * @param sql with parameters {@code $1}, {@code $2}, …; prepared once a connection
     * @param rows makes the result of the rows, on the event loop
     * @param onAbandoned takes what ends the query early, to be run on the same event loop
     * @return fails with {@link DatabaseException} where JDBC would
     */
    public <R> Future<R> query(String sql, Tuple parameters, Collector<Row, ?, R> rows,
            Consumer<Runnable> onAbandoned) {
        Spans.Call call = Spans.begin("postgresql", "query");
        Turn turn = new Turn();
        onAbandoned.accept(turn::abandon);
        return pool.getConnection()
                .compose(connection -> {
                    turns.add(turn);
                    return turn.query(connection, sql, parameters, rows).onComplete(_ -> turns.remove(turn));
                })
                .onComplete(result -> call.end(result.cause()))
                .recover(fault -> Future.failedFuture(DatabaseException.ofClient(fault)));
    }

    /** The client's own time-out would first say good-bye to the server, and wait for that to be heard. */
    private void cutTheSilent() {
        long now = System.nanoTime();
        for (Turn turn : turns) {
            if (now - turn.startedNanos > maxSilenceNanos) {
                turn.cut();
            }
        }
    }

    @PreDestroy
    void close() {
        vertx.cancelTimer(watch);
        try {
            pool.close().toCompletionStage().toCompletableFuture().get(MAX_CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("Not all connections were closed in order", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A request's turn at a connection. All of it is on the request's event loop, except where it says so. */
    private static final class Turn {
        private final long startedNanos = System.nanoTime();
        private volatile @Nullable SqlConnection connection;
        private boolean abandoned;

        <R> Future<R> query(SqlConnection own, String sql, Tuple parameters, Collector<Row, ?, R> rows) {
            if (abandoned) {
                own.close();
                return Future.failedFuture("The client went away before its query began");
            }
            connection = own;
            // What the server says beside an answer, such as why it ends the session; without this it would be printed.
            own.exceptionHandler(Turn::note);
            return own.preparedQuery(sql).collecting(rows).execute(parameters).map(SqlResult::value)
                    .onComplete(result -> release(own, result.cause()));
        }

        private static void note(Throwable fault) {
            LOG.debug("A connection broke", fault);
        }

        void abandon() {
            SqlConnection current = connection;
            if (!abandoned && current != null) {
                PgConnection.cast(current).cancelRequest()
                        .onFailure(fault -> LOG.debug("A query was not cancelled", fault));
            }
            abandoned = true;
        }

        /**
         * Gives the connection back, unless it is to be closed or is closed already: then the pool hears of that by itself,
         * and nobody must get it meanwhile. An abandoned query's is closed because its cancellation may come late, and must
         * not hit another's.
         */
        private void release(SqlConnection own, @Nullable Throwable fault) {
            if (abandoned || isEndOfSession(fault)) {
                cut();
            } else if (socket(own).channel().isActive()) {
                own.close();
            }
            connection = null;
        }

        private static boolean isEndOfSession(@Nullable Throwable fault) {
            return fault instanceof PgException answer && answer.getSqlState().startsWith(SHUTDOWN_CLASS);
        }

        /** Closes the connection at once; on any thread. */
        void cut() {
            SqlConnection own = connection;
            if (own != null) {
                // From the first handler on nothing waits for the server.
                var unused = socket(own).pipeline().firstContext().close();
            }
        }

        /** The client has no way of its own to close a connection without the consent of the server. */
        private static ChannelHandlerContext socket(SqlConnection own) {
            return ((SocketConnectionBase) ((SqlConnectionInternal) own).unwrap().unwrap()).socket()
                    .channelHandlerContext();
        }
    }
}
