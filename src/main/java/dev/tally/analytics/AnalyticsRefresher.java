package dev.tally.analytics;

import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

import org.jboss.logging.Logger;

import dev.tally.platform.problem.ProblemException;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.smallrye.common.annotation.RunOnVirtualThread;

/** Has figures read before anybody asks for them: after the start and now and then, if that is configured. */
@ApplicationScoped
class AnalyticsRefresher {
    private static final Logger LOG = Logger.getLogger(AnalyticsRefresher.class);
    private static final String INTERNAL = "INTERNAL_ERROR";

    private final Catalogue catalogue;
    private final AnalyticsService service;
    private final AnalyticsConfig config;
    /** What was said of each metric that fails, so that it is not said again. */
    private final Map<String, String> codeByMetric = new ConcurrentHashMap<>();

    AnalyticsRefresher(Catalogue catalogue, AnalyticsService service, AnalyticsConfig config) {
        this.catalogue = catalogue;
        this.service = service;
        this.config = config;
    }

    /** Beside the start, which does not wait for it. */
    void warmUp(@Observes StartupEvent event) {
        if (config.warmUp()) {
            Thread.ofVirtual().name("analytics-warm-up").start(this::refresh);
        }
    }

    @Scheduled(every = "${tally.analytics.refresh-every}", delayed = "30s", identity = "analytics-refresh", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    @RunOnVirtualThread
    void refreshNowAndThen() {
        refresh();
    }

    /** Reads what has changed, one metric after the other. */
    void refresh() {
        catalogue.metrics().stream().filter(metric -> !metric.dataset().bucket().isEmpty()).forEach(this::refresh);
    }

    private void refresh(Metric metric) {
        try {
            service.refreshed(metric).join();
            codeByMetric.remove(metric.name());
        } catch (CompletionException | CancellationException e) {
            Throwable fault = e.getCause() == null ? e : e.getCause();
            String code = fault instanceof ProblemException problem ? problem.code().name() : INTERNAL;
            if (!code.equals(codeByMetric.put(metric.name(), code))) {
                LOG.warnf(fault, "The metric %s could not be read: %s; this is said once", metric.name(), code);
            }
        }
    }
}
