package dev.tally.credits;

import java.io.UncheckedIOException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;

import org.jboss.logging.Logger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.tally.platform.problem.ProblemException;
import dev.tally.platform.webhook.WebhookService;
import io.quarkus.scheduler.Scheduled;

/**
 * Tells the operator of balances that get low. A charge notes it in its own transaction; the event is made of the note
 * afterwards, so that nothing about it can fail a charge, and none is lost.
 */
@ApplicationScoped
class LowBalanceService implements LowBalanceThreshold {
    private static final Logger LOG = Logger.getLogger(LowBalanceService.class);
    private static final String TYPE = "credits.low";

    private final LowBalanceQueries queries;
    private final WebhookService webhooks;
    private final ObjectMapper json;
    private final CreditsMetrics metrics;
    private final CreditsConfig.LowBalance config;
    /** Checked when it is first needed. */
    private final AtomicReference<Optional<URI>> callback = new AtomicReference<>();

    LowBalanceService(LowBalanceQueries queries, WebhookService webhooks, ObjectMapper json, CreditsMetrics metrics,
            CreditsConfig config) {
        this.queries = queries;
        this.webhooks = webhooks;
        this.json = json;
        this.metrics = metrics;
        this.config = config.lowBalance();
    }

    @Override
    public OptionalLong credits() {
        return callback().isPresent() ? OptionalLong.of(config.threshold()) : OptionalLong.empty();
    }

    @Scheduled(every = "${tally.credits.sweep-every}", delayed = "6s", identity = "credits-low-balance", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @Transactional
    void tell() {
        callback().ifPresent(url -> {
            List<LowBalanceQueries.Low> taken = queries.take(config.maxTold());
            taken.forEach(low -> tell(url, low));
            metrics.lowBalances(taken.size());
        });
    }

    private void tell(URI url, LowBalanceQueries.Low low) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("user_id", low.userId());
        data.put("email", low.email());
        data.put("credits", low.credits());
        data.put("threshold", low.threshold());
        try {
            webhooks.enqueue(url, TYPE, json.writeValueAsString(data), "user:" + low.userId());
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Optional<URI> callback() {
        Optional<URI> known = callback.get();
        if (known != null) {
            return known;
        }
        Optional<URI> checked = config.callbackUrl().flatMap(this::check);
        callback.set(checked);
        return checked;
    }

    private Optional<URI> check(String url) {
        try {
            return Optional.of(webhooks.check(url));
        } catch (ProblemException e) {
            LOG.errorf("Nobody is told of low balances, because LOW_BALANCE_WEBHOOK_URL cannot be called: %s",
                    e.detail());
            return Optional.empty();
        }
    }
}
