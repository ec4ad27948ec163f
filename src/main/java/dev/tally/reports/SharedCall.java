package dev.tally.reports;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import dev.tally.platform.tracing.Spans;

/** A call that is under way once, however many ask for its result. It has a thread of its own: who asks may give up. */
final class SharedCall<T> {
    private final String name;
    private final Supplier<T> call;
    private final AtomicReference<@Nullable CompletableFuture<T>> underWay = new AtomicReference<>();

    /** @param call looks first whether it still has to be made: the one before may have ended a moment ago */
    SharedCall(String name, Supplier<T> call) {
        this.name = name;
        this.call = call;
    }

    /** Begins it unless it is under way; gives what it will have given. */
    CompletableFuture<T> begin() {
        CompletableFuture<T> mine = new CompletableFuture<>();
        while (true) {
            CompletableFuture<T> others = underWay.get();
            if (others != null) {
                return others;
            }
            if (underWay.compareAndSet(null, mine)) {
                Thread.ofVirtual().name(name).start(Spans.carried(() -> run(mine)));
                return mine;
            }
        }
    }

    /**
     * Waits for its result.
     *
     * @throws GcoreException when the call failed so
     */
    T await() {
        try {
            return begin().get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GcoreException known) {
                throw known.again(known.retryAfter());
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw GcoreException.of(GcoreException.Kind.UNAVAILABLE, "The service is ending.", e);
        }
    }

    @SuppressWarnings("IllegalCatch") // Whatever happens, whoever waits is told.
    private void run(CompletableFuture<T> result) {
        try {
            T value = call.get();
            underWay.set(null);
            result.complete(value);
        } catch (Throwable fault) {
            underWay.set(null);
            result.completeExceptionally(fault);
        }
    }
}
