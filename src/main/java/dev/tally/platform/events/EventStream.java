package dev.tally.platform.events;

import java.security.Principal;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import jakarta.ws.rs.sse.OutboundSseEvent;

import org.jboss.resteasy.reactive.server.jaxrs.OutboundSseEventImpl;
import org.jspecify.annotations.Nullable;

import io.smallrye.mutiny.subscription.MultiEmitter;

/**
 * The stream of one client. What it has not taken yet it holds once: a client that is slow misses what was between, not the
 * end, and costs no thread.
 */
final class EventStream {
    private final StateSource source;
    private final UUID id;
    private final Optional<UsedKey> key;
    private final Consumer<EventStream> release;
    private final AtomicBoolean released = new AtomicBoolean();
    private final long endNanos;
    private final long heartbeatNanos;
    private @Nullable MultiEmitter<? super OutboundSseEvent> client;
    private String shown = "";
    private long saidNanos;

    /** The key that a stream was asked for with, and what it allowed then. */
    record UsedKey(String apiKey, Principal consumer) {
        /** Never the key itself. */
        @Override
        public String toString() {
            return consumer.getName();
        }
    }

    /**
     * @param key empty when it was asked for without one
     * @param endNanos when it ends at the latest, by {@link System#nanoTime()}
     * @param release to be done once, at its end
     */
    EventStream(StateSource source, UUID id, Optional<UsedKey> key, long endNanos, long heartbeatNanos,
            Consumer<EventStream> release) {
        this.source = source;
        this.id = id;
        this.key = key;
        this.endNanos = endNanos;
        this.heartbeatNanos = heartbeatNanos;
        this.release = release;
    }

    static OutboundSseEvent event(StateEvent state) {
        return new OutboundSseEventImpl.BuilderImpl().data(state.json()).build();
    }

    StateSource source() {
        return source;
    }

    UUID id() {
        return id;
    }

    Optional<UsedKey> key() {
        return key;
    }

    /** The client is there; the first state is told whatever it can take. */
    synchronized void begin(MultiEmitter<? super OutboundSseEvent> begun, StateEvent first) {
        client = begun;
        begun.onTermination(this::release);
        tell(begun, first);
        if (released.get()) {
            begun.complete();
        }
    }

    /** Tells how it stands, if that is new and the client has taken what it was told before. */
    synchronized void show(StateEvent now) {
        if (client == null || client.requested() == 0) {
            return;
        }
        if (!now.json().equals(shown)) {
            tell(client, now);
        }
        if (now.last()) {
            end();
        }
    }

    private void tell(MultiEmitter<? super OutboundSseEvent> to, StateEvent state) {
        shown = state.json();
        saidNanos = System.nanoTime();
        to.emit(event(state));
    }

    /** Ends when its time is over, else says now and then that it is there. */
    synchronized void tick(long nowNanos) {
        if (nowNanos - endNanos >= 0) {
            end();
        } else if (client != null && client.requested() > 0 && nowNanos - saidNanos >= heartbeatNanos) {
            saidNanos = nowNanos;
            client.emit(new OutboundSseEventImpl.BuilderImpl().comment("still here").build());
        }
    }

    synchronized void end() {
        if (client != null) {
            client.complete();
        }
        release();
    }

    private void release() {
        if (released.compareAndSet(false, true)) {
            release.accept(this);
        }
    }
}
