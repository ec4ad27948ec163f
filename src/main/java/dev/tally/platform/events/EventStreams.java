package dev.tally.platform.events;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.sse.OutboundSseEvent;

import org.jboss.logging.Logger;

import dev.tally.platform.ending.ProcessDraining;
import dev.tally.platform.events.EventStream.UsedKey;
import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;
import dev.tally.platform.security.Consumer;
import dev.tally.platform.security.ConsumerKeys;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.BackPressureStrategy;
import io.vertx.ext.web.RoutingContext;

/**
 * Streams of how things stand. One thread looks for all of them together, so that they cost the database no more the more
 * clients follow, and hear of what any process does.
 */
@Startup
@ApplicationScoped
public class EventStreams {
    private static final Logger LOG = Logger.getLogger(EventStreams.class);

    private final Set<EventStream> open = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean looking = new AtomicBoolean();
    private final ConsumerKeys keys;
    private final Semaphore room;
    private final Duration life;
    private final Duration heartbeat;
    private final Duration betweenLooks;
    private volatile boolean stopping;

    EventStreams(EventsConfig config, ConsumerKeys keys, MeterRegistry metrics) {
        this.keys = keys;
        this.room = new Semaphore(config.maxStreams());
        this.life = Duration.ofSeconds(config.maxStreamSeconds());
        this.heartbeat = Duration.ofSeconds(config.heartbeatSeconds());
        this.betweenLooks = Duration.ofMillis(config.lookMillis());
        metrics.gauge("tally.events.streams", open, Set::size);
    }

    /**
     * Tells how something stands: now, and at each change, until it changes no more, its time is over, the key that it was
     * asked for with is not good any more or allows something else, or this process ends.
     *
     * @param source where it is looked up; its identity says which things are looked up together
     * @param now how it stands now
     * @throws ProblemException {@code OVERLOADED} when too many follow, or this process ends
     */
    public Multi<OutboundSseEvent> follow(StateSource source, UUID id, StateEvent now, RoutingContext routing) {
        // Here, because the framework leaves the headers of streams out. A proxy that collects answers would collect to the end.
        routing.response().putHeader("Cache-Control", "no-store").putHeader("X-Accel-Buffering", "no");
        if (now.last()) {
            return Multi.createFrom().item(EventStream.event(now));
        }
        if (stopping || !room.tryAcquire()) {
            throw new ProblemException(ProblemCode.OVERLOADED,
                    "As many clients as can follow something here do. Ask for its state instead.");
        }
        EventStream stream = new EventStream(source, id, key(routing), System.nanoTime() + life.toNanos(),
                heartbeat.toNanos(), this::leave);
        open.add(stream);
        look();
        if (stopping) {
            stream.end();
        }
        // It holds one event at most: none is put in before the client has asked for one.
        return Multi.createFrom().emitter(client -> stream.begin(client, now), BackPressureStrategy.BUFFER);
    }

    private static Optional<UsedKey> key(RoutingContext routing) {
        String apiKey = routing.request().getHeader(ConsumerKeys.HEADER);
        return apiKey != null && routing.user() instanceof QuarkusHttpUser user
                && user.getSecurityIdentity().getPrincipal() instanceof Consumer consumer
                        ? Optional.of(new UsedKey(apiKey, consumer))
                        : Optional.empty();
    }

    private void leave(EventStream ended) {
        open.remove(ended);
        room.release();
    }

    /** The clients ask another process. */
    void letGo(@Observes ProcessDraining event) {
        stopping = true;
        open.forEach(EventStream::end);
    }

    private void look() {
        if (looking.compareAndSet(false, true)) {
            Thread.ofVirtual().name("event-streams").start(this::lookWhileAnyFollows);
        }
    }

    private void lookWhileAnyFollows() {
        try {
            while (!open.isEmpty()) {
                Thread.sleep(betweenLooks);
                lookOnce();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            looking.set(false);
            // Somebody may have come between the last look and now.
            if (!open.isEmpty()) {
                look();
            }
        }
    }

    private void lookOnce() {
        Map<StateSource, Map<UUID, List<EventStream>>> followed = new HashMap<>();
        for (EventStream stream : open) {
            followed.computeIfAbsent(stream.source(), _ -> new HashMap<>())
                    .computeIfAbsent(stream.id(), _ -> new ArrayList<>()).add(stream);
        }
        followed.forEach(EventStreams::show);
        long now = System.nanoTime();
        open.forEach(stream -> {
            stream.tick(now);
            stream.key().ifPresent(key -> endUnlessGood(stream, key));
        });
    }

    /** What is remembered of keys answers, so that this costs no look-up while nothing is revoked. */
    private void endUnlessGood(EventStream stream, UsedKey key) {
        keys.find(key.apiKey()).subscribe().with(found -> {
            if (found.filter(key.consumer()::equals).isEmpty()) {
                stream.end();
            }
        }, fault -> LOG.debug("It could not be seen whether a key is still good; the next look will tell", fault));
    }

    @SuppressWarnings("IllegalCatch") // Whatever fails, those who follow other things are told how these stand.
    private static void show(StateSource source, Map<UUID, List<EventStream>> followed) {
        try {
            Map<UUID, StateEvent> states = source.look(followed.keySet());
            followed.forEach((id, streams) -> {
                StateEvent state = states.get(id);
                streams.forEach(state == null ? EventStream::end : stream -> stream.show(state));
            });
        } catch (RuntimeException e) {
            LOG.warn("It could not be seen how what is followed stands; those who follow it wait on", e);
        }
    }
}
