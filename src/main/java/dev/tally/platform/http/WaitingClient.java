package dev.tally.platform.http;

import java.io.IOException;
import java.io.UncheckedIOException;

import org.jspecify.annotations.Nullable;

import io.vertx.ext.web.RoutingContext;

/** A client that waits for work on a thread of its own: when it goes away, the thread is interrupted. */
public final class WaitingClient {
    private final RoutingContext routing;
    private final Thread worker = Thread.currentThread();
    private boolean working = true;
    private boolean gone;

    private WaitingClient(RoutingContext routing) {
        this.routing = routing;
    }

    /** Work that ends soon after its thread is interrupted. */
    @FunctionalInterface
    public interface Work<T> {
        T run();
    }

    /**
     * Does the work on this thread, which is not interrupted any more afterwards.
     *
     * @throws UncheckedIOException when the client went away meanwhile, whatever the work came to
     */
    public static <T> T whileWaits(RoutingContext routing, Work<T> work) {
        WaitingClient client = new WaitingClient(routing);
        try {
            client.watch();
            T result = work.run();
            client.end();
            return result;
        } catch (RuntimeException | Error fault) {
            client.end(fault);
            throw fault;
        }
    }

    private void watch() {
        routing.addEndHandler(end -> leave());
        if (routing.response().closed()) {
            throw new UncheckedIOException(new IOException("The client was gone before the work began"));
        }
    }

    private synchronized void leave() {
        if (working) {
            gone = true;
            worker.interrupt();
        }
    }

    private void end() {
        end(null);
    }

    private synchronized void end(@Nullable Throwable fault) {
        working = false;
        if (gone) {
            // It was ours, and what follows, such as giving back what was charged, must not stop at it.
            boolean unused = Thread.interrupted();
            throw new UncheckedIOException(new IOException("The client has gone", fault));
        }
    }
}
