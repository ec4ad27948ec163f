package dev.tally.platform.webhook;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;

import dev.tally.platform.problem.DatabaseException;
import dev.tally.platform.webhook.WebhookQueries.OpenDeliveries;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;

/** How many webhooks are open over all processes, and how late the first of them is: counted now and then. */
@ApplicationScoped
class WebhookMetrics {
    private static final Logger LOG = Logger.getLogger(WebhookMetrics.class);

    private final WebhookQueries queries;
    private final CallbackRules rules;
    private final Clock clock;
    private final AtomicLong open = new AtomicLong();
    private final AtomicLong lateSeconds = new AtomicLong();

    WebhookMetrics(WebhookQueries queries, CallbackRules rules, Clock clock, MeterRegistry registry) {
        this.queries = queries;
        this.rules = rules;
        this.clock = clock;
        registry.gauge("tally.webhook.open", open);
        registry.gauge("tally.webhook.late.seconds", lateSeconds);
    }

    @Scheduled(every = "30s", delayed = "11s", identity = "webhook-metrics", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void count() {
        if (!rules.configured()) {
            return;
        }
        try {
            OpenDeliveries found = queries.countOpen();
            Instant now = clock.instant();
            open.set(found.count());
            lateSeconds
                    .set(Math.max(0, found.firstDue().map(due -> Duration.between(due, now).toSeconds()).orElse(0L)));
        } catch (DatabaseException e) {
            // The dispatcher says so; the figures stay those of the last count.
            LOG.debugf(e, "Open webhooks were not counted");
        }
    }
}
