package dev.tally.platform.table;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.quarkus.vertx.utils.NoBoundChecksBuffer;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;

/**
 * An answer's bytes on their way to the connection. Two chunks may be under way; for the next the thread of the request
 * waits until the first is with the operating system, which is all the back-pressure that there is.
 */
final class HttpTransport implements Transport {
    private static final Logger LOG = Logger.getLogger(HttpTransport.class);
    private static final int CHUNKS_UNDER_WAY = 2;

    private final RoutingContext routing;
    private final HttpServerResponse response;
    private final BufferPool pool;
    private final Runnable commitHead;
    private final int stalledClientSeconds;
    private final Semaphore mayWrite = new Semaphore(CHUNKS_UNDER_WAY);
    private final AtomicReference<@Nullable Runnable> cancel = new AtomicReference<>();
    private boolean watched;
    private boolean committed;
    private volatile boolean gone;

    /** @param commitHead sets the status and the header fields; run once, before the first byte */
    HttpTransport(RoutingContext routing, BufferPool pool, int stalledClientSeconds, Runnable commitHead) {
        this.routing = routing;
        this.response = routing.response();
        this.pool = pool;
        this.stalledClientSeconds = stalledClientSeconds;
        this.commitHead = commitHead;
    }

    @Override
    public void whole(byte[] buffer, int length) {
        complete();
        commitHead.run();
        committed = true;
        if (Context.isOnEventLoopThread()) {
            endWith(buffer, length);
            return;
        }
        // On the event loop: from here it would take the connection's lock, against the event loop, and then wake that up
        // as well. In the request's own context, which the access log needs.
        routing.vertx().getOrCreateContext().runOnContext(now -> endWith(buffer, length));
    }

    /** The event loop copies the bytes, which is cheaper than a buffer from its pool made elsewhere. */
    private void endWith(byte[] buffer, int length) {
        response.end(new NoBoundChecksBuffer(Unpooled.wrappedBuffer(buffer, 0, length)))
                .onComplete(result -> pool.give(buffer));
    }

    /** An answer that has no body. */
    void empty() {
        complete();
        commitHead.run();
        committed = true;
        response.end().onComplete(result -> logFailure(result.cause()));
    }

    @Override
    public void chunk(byte[] buffer, int length) {
        watch();
        if (!committed) {
            commitHead.run();
            response.setChunked(true);
            committed = true;
        }
        awaitTurn();
        response.write(new NoBoundChecksBuffer(Unpooled.wrappedBuffer(buffer, 0, length)))
                .onComplete(result -> written(result, buffer));
    }

    private void written(AsyncResult<Void> result, byte[] buffer) {
        pool.give(buffer);
        if (result.failed()) {
            clientGone(result.cause());
        }
        mayWrite.release();
    }

    private void awaitTurn() {
        try {
            if (!mayWrite.tryAcquire(stalledClientSeconds, TimeUnit.SECONDS)) {
                clientGone(new IOException("The client took nothing for " + stalledClientSeconds + " s"));
                breakOff();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            clientGone(e);
            breakOff();
        }
        requireClient();
    }

    @Override
    public void end() {
        complete();
        requireClient();
        response.end().onComplete(result -> logFailure(result.cause()));
    }

    @Override
    public void requireClient() {
        if (gone) {
            throw new UncheckedIOException(new IOException("The client is gone"));
        }
    }

    boolean isGone() {
        return gone;
    }

    boolean isCommitted() {
        return committed;
    }

    @Override
    public void onAbandoned(Runnable task) {
        cancel.set(Objects.requireNonNull(task));
        watch();
        if (gone) {
            runCancel();
        }
    }

    /**
     * Ends the connection so that no client can take what it has for the whole: with a reset, because in HTTP/1.0, which
     * proxies still speak, the plain end of the connection is the end of the answer.
     */
    void breakOff() {
        if (routing.request().version() == HttpVersion.HTTP_2) {
            response.reset();
            return;
        }
        // Vert.x's own close first waits for what is under way.
        Channel channel = ((ConnectionBase) routing.request().connection()).channel();
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        channel.close().addListener(closed -> logFailure(closed.cause()));
    }

    /** From here on the source has done its work, and there is nothing to cancel. */
    private void complete() {
        cancel.set(null);
    }

    /** The response has one close handler, which is the router's; its end handlers hear of the same. */
    private void watch() {
        if (watched) {
            return;
        }
        watched = true;
        routing.addEndHandler(result -> {
            if (result.failed()) {
                clientGone(result.cause());
            }
        });
        if (response.closed()) {
            clientGone(null);
        }
    }

    private void clientGone(@Nullable Throwable cause) {
        gone = true;
        LOG.debug("The client went away before its table was complete", cause);
        runCancel();
        mayWrite.release(CHUNKS_UNDER_WAY);
    }

    private void runCancel() {
        Runnable task = cancel.getAndSet(null);
        if (task != null) {
            var unused = Thread.ofVirtual().name("table-abandoned").start(() -> attempt(task));
        }
    }

    private static void attempt(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            // What was to be cancelled may just have ended by itself.
            LOG.debug("The cancellation of an abandoned table failed", e);
        }
    }

    private static void logFailure(@Nullable Throwable cause) {
        if (cause != null) {
            LOG.debug("An answer did not reach its client", cause);
        }
    }
}
