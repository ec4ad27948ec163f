package dev.tally.platform.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

import jakarta.ws.rs.sse.OutboundSseEvent;

import org.junit.jupiter.api.Test;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import io.smallrye.mutiny.subscription.BackPressureStrategy;

class EventStreamTest {
    private static final long LIFE = Duration.ofMinutes(15).toNanos();
    private static final long HEARTBEAT = Duration.ofSeconds(15).toNanos();
    private static final StateEvent FIRST = new StateEvent("first", false);

    private final AtomicInteger released = new AtomicInteger();
    private final long begin = System.nanoTime();
    private final EventStream stream = new EventStream(_ -> Map.of(), UUID.randomUUID(), Optional.empty(),
            begin + LIFE, HEARTBEAT, _ -> released.incrementAndGet());

    /** @param items how many it takes at once */
    private AssertSubscriber<OutboundSseEvent> subscribe(long items) {
        return Multi.createFrom().<OutboundSseEvent>emitter(client -> stream.begin(client, FIRST),
                BackPressureStrategy.BUFFER).subscribe().withSubscriber(AssertSubscriber.create(items));
    }

    private static List<String> told(AssertSubscriber<OutboundSseEvent> client) {
        return client.getItems().stream()
                .map(event -> event.getData() == null ? ":" + event.getComment() : event.getData().toString()).toList();
    }

    @Test
    void tellsEachStateOnceAndEndsWithTheLast() {
        AssertSubscriber<OutboundSseEvent> client = subscribe(Long.MAX_VALUE);

        stream.show(FIRST);
        stream.show(new StateEvent("second", false));
        stream.show(new StateEvent("second", false));
        stream.show(new StateEvent("third", true));

        client.assertCompleted();
        assertThat(told(client)).containsExactly("first", "second", "third");
        assertThat(released).hasValue(1);
    }

    @Test
    void doesNotKeepWhatASlowClientHasNotTakenButTellsItTheEnd() {
        AssertSubscriber<OutboundSseEvent> client = subscribe(1);

        for (int i = 0; i < 1000; i++) {
            stream.show(new StateEvent("state " + i, false));
            stream.tick(begin + HEARTBEAT + i);
        }
        StateEvent last = new StateEvent("last", true);
        stream.show(last);
        assertThat(told(client)).containsExactly("first");
        client.request(2);
        stream.show(last);

        client.assertCompleted();
        assertThat(told(client)).containsExactly("first", "last");
    }

    @Test
    void saysNowAndThenThatItIsThere() {
        AssertSubscriber<OutboundSseEvent> client = subscribe(Long.MAX_VALUE);
        long told = System.nanoTime();

        stream.tick(begin + HEARTBEAT / 2);
        stream.tick(told + HEARTBEAT);
        stream.tick(told + HEARTBEAT + HEARTBEAT / 2);
        stream.tick(told + 2 * HEARTBEAT);

        assertThat(told(client)).containsExactly("first", ":still here", ":still here");
    }

    @Test
    void endsWhenItsTimeIsOverAlsoForWhoTakesNothing() {
        AssertSubscriber<OutboundSseEvent> client = subscribe(1);

        stream.tick(begin + LIFE - 1);
        client.assertNotTerminated();
        stream.tick(begin + LIFE);

        client.assertCompleted();
        assertThat(released).hasValue(1);
    }

    @Test
    void isReleasedOnceWhenItsClientGoes() {
        AssertSubscriber<OutboundSseEvent> client = subscribe(Long.MAX_VALUE);

        client.cancel();
        stream.end();

        assertThat(released).hasValue(1);
    }

    @Test
    void isReleasedWhenItsClientNeverCame() {
        stream.tick(begin + LIFE);

        assertThat(released).hasValue(1);
        subscribe(Long.MAX_VALUE).assertCompleted();
    }
}
