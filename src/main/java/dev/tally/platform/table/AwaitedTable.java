package dev.tally.platform.table;

import java.util.function.Consumer;

import io.vertx.core.Future;

/**
 * An answer that will be a table, from an endpoint that must not block ({@code @NonBlocking}): its rows are read without
 * a thread that waits for them, and held until they are written. So they have to be few.
 *
 * @param reading begins once, when the answer is to be written
 */
public record AwaitedTable(Reading reading) {

    /** Reads rows. */
    @FunctionalInterface
    public interface Reading {
        /**
         * Called on the event loop of the request, and to be completed there.
         *
         * @param onAbandoned takes what to run, on that event loop, when the client goes away; after the reading has
         *        ended it must do nothing
         * @return the table, whose source has all its rows: it may run more than once, and on another thread
         */
        Future<Table> start(Consumer<Runnable> onAbandoned);
    }
}
