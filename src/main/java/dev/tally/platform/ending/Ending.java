package dev.tally.platform.ending;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import jakarta.annotation.Priority;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;

/**
 * Tells how far this process is with its end. At SIGTERM the framework makes it unready and goes on serving for
 * {@code quarkus.shutdown.delay}, until nobody sends anything any more; then it refuses new requests and waits for those
 * under way. It tells the application only after that, which is too late for whoever is to end for it; so this counts along.
 */
@Singleton
public class Ending {
    private static final Logger LOG = Logger.getLogger(Ending.class);
    /** Before all others that hear of the end. */
    private static final int FIRST = 1;

    private final Event<ProcessLeaving> leaving;
    private final Event<ProcessDraining> draining;
    private final Duration delay;
    private final Thread hook = new Thread(this::follow, "ending");
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean hasBegun;
    private boolean drains;

    Ending(Event<ProcessLeaving> leaving, Event<ProcessDraining> draining,
            @ConfigProperty(name = "quarkus.shutdown.delay") Optional<Duration> delay) {
        this.leaving = leaving;
        this.draining = draining;
        this.delay = delay.orElse(Duration.ZERO);
    }

    /** Whether this process was told to end, though it may serve on for a while. */
    public boolean hasBegun() {
        return hasBegun;
    }

    void listen(@Observes StartupEvent event) {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void follow() {
        leave();
        LOG.infof("Told to end: not ready any more, but serving for %d ms.", delay.toMillis());
        try {
            boolean unused = ended.await(delay.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        drain();
    }

    private synchronized void leave() {
        if (!hasBegun) {
            hasBegun = true;
            leaving.fire(new ProcessLeaving());
        }
    }

    private synchronized void drain() {
        if (!drains) {
            drains = true;
            draining.fire(new ProcessDraining());
        }
    }

    /** All requests are done, or were given up. In tests and in dev mode there was no signal before. */
    void end(@Observes @Priority(FIRST) ShutdownEvent event) {
        ended.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // It runs already.
        }
        leave();
        drain();
    }
}
