package dev.tally.platform.webhook;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;

import org.jboss.logging.Logger;

import dev.tally.platform.ending.ProcessLeaving;
import dev.tally.platform.problem.DatabaseException;
import dev.tally.platform.tracing.Spans;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduled;

/**
 * Sends what is due. Each process does, and none what another has taken; what a process that died had taken is due again
 * when its lease ends.
 */
@ApplicationScoped
class WebhookDispatcher {
    private static final Logger LOG = Logger.getLogger(WebhookDispatcher.class);
    private static final Duration SHUTDOWN = Duration.ofSeconds(3);

    private final WebhookQueries queries;
    private final WebhookSender sender;
    private final CallbackRules rules;
    private final Backoff backoff;
    private final MeterRegistry metrics;
    private final Counter givenUp;
    private final Clock clock;
    private final WebhookConfig config;

    private final ReentrantLock polling = new ReentrantLock();
    /** Whether somebody wants a look that has not begun. */
    private final AtomicBoolean again = new AtomicBoolean();
    private final Map<String, Integer> busy = new ConcurrentHashMap<>();
    private final Set<Thread> underWay = ConcurrentHashMap.newKeySet();
    private volatile boolean stopping;
    private volatile boolean failing;

    @Inject
    WebhookDispatcher(WebhookQueries queries, WebhookSender sender, CallbackRules rules, MeterRegistry metrics,
            Clock clock, WebhookConfig config) {
        this(queries, sender, rules, new Backoff(config.retry(), bound -> ThreadLocalRandom.current().nextLong(bound)),
                metrics, clock, config);
    }

    WebhookDispatcher(WebhookQueries queries, WebhookSender sender, CallbackRules rules, Backoff backoff,
            MeterRegistry metrics, Clock clock, WebhookConfig config) {
        this.queries = queries;
        this.sender = sender;
        this.rules = rules;
        this.backoff = backoff;
        this.metrics = metrics;
        this.givenUp = metrics.counter("tally.webhook.given.up");
        // So that there is a zero before there is a one.
        Stream.of(Outcome.values()).forEach(this::attempts);
        this.clock = clock;
        this.config = config;
    }

    /**
     * Begins to send what is due, as far as there is room. Not at the start, which opens no connection; later an idle
     * service looks into an empty index, and one without webhooks does nothing.
     */
    @Scheduled(every = "3s", delayed = "10s", identity = "webhook-dispatch", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void sendDue() {
        if (!rules.configured()) {
            return;
        }
        // Whoever looks now may have looked before this one's reason to was there, so it looks once more.
        again.set(true);
        while (!stopping && again.get() && polling.tryLock()) {
            try {
                sendWhatIsDueNow();
            } finally {
                polling.unlock();
            }
        }
    }

    private void sendWhatIsDueNow() {
        again.set(false);
        try {
            claim().forEach(this::start);
            failing = false;
        } catch (DatabaseException e) {
            // Once: it is looked every few seconds.
            if (!failing) {
                LOG.warnf("Webhooks wait for the database: %s", e.getMessage());
            }
            failing = true;
        }
    }

    private List<DueDelivery> claim() {
        Map<String, Integer> sending = Map.copyOf(busy);
        int room = config.maxConcurrent() - sending.values().stream().mapToInt(Integer::intValue).sum();
        if (room <= 0) {
            return List.of();
        }
        Instant now = clock.instant();
        return queries.claim(now, now.plusSeconds(config.leaseSeconds()), room, config.maxConcurrentPerHost(), sending);
    }

    private void start(DueDelivery delivery) {
        busy.merge(delivery.host(), 1, Integer::sum);
        Thread thread = Thread.ofVirtual().name("webhook").unstarted(() -> {
            try {
                Spans.job("webhook", () -> attempt(delivery));
            } finally {
                busy.computeIfPresent(delivery.host(), (_, count) -> count == 1 ? null : count - 1);
                underWay.remove(Thread.currentThread());
            }
            // There is room again, and perhaps something was left for want of it.
            sendDue();
        });
        underWay.add(thread);
        thread.start();
    }

    private Counter attempts(Outcome outcome) {
        return metrics.counter("tally.webhook.attempts", "outcome", outcome.label());
    }

    @SuppressWarnings("IllegalCatch") // Whatever happens, it is tried again when the lease ends.
    private void attempt(DueDelivery delivery) {
        try {
            Outcome.Result result = sender.send(delivery);
            attempts(result.outcome()).increment();
            Instant now = clock.instant();
            Optional<Instant> next = result.outcome() == Outcome.DELIVERED
                    ? Optional.empty()
                    : backoff.next(delivery.attempt(), delivery.createdAt(), now);
            if (result.outcome() != Outcome.DELIVERED && next.isEmpty()) {
                givenUp.increment();
                LOG.warnf("Webhook %s is given up after %d attempts", delivery.id(), delivery.attempt());
            }
            queries.endAttempt(delivery, result, now, next);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.errorf(e, "An attempt of webhook %s did not come to its end; it will be repeated", delivery.id());
        }
    }

    /** The rest is for other processes, or the next start. */
    void beginNoMore(@Observes ProcessLeaving event) {
        stopping = true;
    }

    /** Lets what is under way come to its end. */
    void onShutdown(@Observes ShutdownEvent event) {
        long deadline = System.nanoTime() + SHUTDOWN.toNanos();
        try {
            for (Thread thread : underWay) {
                thread.join(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
