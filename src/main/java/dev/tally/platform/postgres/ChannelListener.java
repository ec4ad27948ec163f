package dev.tally.platform.postgres;

import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.SqlConnectOptions;
import io.vertx.sqlclient.impl.SocketConnectionBase;
import io.vertx.sqlclient.impl.SqlConnectionInternal;

/**
 * Hears of announcements (NOTIFY), and knows whether it would have heard of one. A connection may be dead without that
 * anybody says so; so it is tried again and again while somebody wants to know, and believed for a short time only.
 */
public final class ChannelListener {
    private static final Logger LOG = Logger.getLogger(ChannelListener.class);
    /** How long after the last question the connection is tried no more. */
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long MIN_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long MAX_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(8);

    private final VertxInternal vertx;
    private final Supplier<Future<SqlConnectOptions>> hosts;
    private final String channel;
    private final long maxSilenceNanos;
    private final Context context;
    private final AtomicLong heard = new AtomicLong();
    private volatile long askedNanos = System.nanoTime() - IDLE_NANOS;
    /** What was announced before this was heard. */
    private volatile long heardUntilNanos;
    private volatile boolean listening;

    // Only on the context, from here on.
    private long timer;
    private @Nullable PgConnection connection;
    /** Counts connections: what comes of an earlier one is too late. */
    private int attempt;
    private boolean waiting;
    /** Whether the log says already that nothing is heard. */
    private boolean told;
    private long waitingSinceNanos;
    private long nextTryNanos = System.nanoTime();
    private long pauseNanos;

    ChannelListener(Vertx vertx, Supplier<Future<SqlConnectOptions>> hosts, String channel, int heartbeatMillis,
            int maxSilenceMillis) {
        this.vertx = (VertxInternal) vertx;
        this.hosts = hosts;
        this.channel = channel;
        maxSilenceNanos = TimeUnit.MILLISECONDS.toNanos(maxSilenceMillis);
        // Not that of the request which happens to ask first.
        context = this.vertx.createEventLoopContext();
        context.runOnContext(_ -> timer = vertx.setPeriodic(heartbeatMillis, _ -> tick()));
    }

    /**
     * How much was heard so far, for comparison: between two equal answers nothing was announced, but for what was announced
     * within the last {@code maxSilenceMillis}. Never blocks.
     *
     * @return empty while that cannot be known
     */
    public OptionalLong heard() {
        long now = System.nanoTime();
        askedNanos = now;
        return listening && now - heardUntilNanos < maxSilenceNanos
                ? OptionalLong.of(heard.get())
                : OptionalLong.empty();
    }

    private void tick() {
        long now = System.nanoTime();
        if (waiting) {
            if (now - waitingSinceNanos > maxSilenceNanos) {
                lose(attempt, "it does not answer");
            }
        } else if (now - askedNanos < IDLE_NANOS) {
            if (connection != null) {
                beat(connection, attempt);
            } else if (now - nextTryNanos >= 0) {
                connect(++attempt);
            }
        }
    }

    private void connect(int own) {
        startWaiting();
        hosts.get().compose(options -> PgConnection.connect(vertx, new PgConnectOptions(options)))
                .onComplete(result -> {
                    if (own != attempt) {
                        if (result.succeeded()) {
                            cut(result.result());
                        }
                    } else if (result.failed()) {
                        lose(own, result.cause());
                    } else {
                        listen(result.result(), own);
                    }
                });
    }

    private void listen(PgConnection made, int own) {
        connection = made;
        made.closeHandler(_ -> lose(own, "it was closed"));
        made.exceptionHandler(fault -> LOG.debugf(fault, "The connection that listens on %s broke", channel));
        made.notificationHandler(_ -> heard.incrementAndGet());
        startWaiting();
        made.query("LISTEN " + channel).execute().onComplete(result -> {
            if (own != attempt) {
                return;
            }
            if (result.failed()) {
                lose(own, result.cause());
                return;
            }
            // What was announced before is not heard any more.
            heard.incrementAndGet();
            beat(made, own);
        });
    }

    /** A sign of life, of a session that listens: behind a pooler of sessions it may be another one. */
    private void beat(PgConnection current, int own) {
        long sentNanos = startWaiting();
        current.query("SELECT '" + channel + "' IN (SELECT pg_listening_channels())").execute().onComplete(result -> {
            if (own != attempt) {
                return;
            }
            if (result.failed()) {
                lose(own, result.cause());
            } else if (!result.result().iterator().next().getBoolean(0)) {
                lose(own, "the session does not listen; a pooler between may be the reason");
            } else {
                waiting = false;
                told = false;
                pauseNanos = 0;
                heardUntilNanos = sentNanos;
                listening = true;
            }
        });
    }

    private long startWaiting() {
        waiting = true;
        waitingSinceNanos = System.nanoTime();
        return waitingSinceNanos;
    }

    private void lose(int own, Throwable fault) {
        LOG.debugf(fault, "The connection that listens on %s is lost", channel);
        lose(own, fault.toString());
    }

    private void lose(int own, String reason) {
        if (own != attempt) {
            return;
        }
        boolean wanted = System.nanoTime() - askedNanos < IDLE_NANOS;
        if (wanted && !told) {
            told = true;
            LOG.warnf("Nothing is heard on %s: %s. Until it is again, what is remembered is not believed.", channel,
                    reason);
        }
        attempt++;
        listening = false;
        waiting = false;
        if (connection != null) {
            cut(connection);
            connection = null;
        }
        nextTryNanos = System.nanoTime() + pauseNanos;
        pauseNanos = Math.clamp(pauseNanos * 2, MIN_PAUSE_NANOS, MAX_PAUSE_NANOS);
    }

    /** Closes at once; the client's own way would first say good-bye, and wait for that to be heard. */
    private static void cut(PgConnection own) {
        var unused = ((SocketConnectionBase) ((SqlConnectionInternal) own).unwrap()).socket().channelHandlerContext()
                .pipeline().firstContext().close();
    }

    void close() {
        context.runOnContext(_ -> {
            vertx.cancelTimer(timer);
            attempt++;
            listening = false;
            if (connection != null) {
                cut(connection);
                connection = null;
            }
        });
    }
}
