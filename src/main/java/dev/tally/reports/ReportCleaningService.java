package dev.tally.reports;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;

/** Removes the rows of reports that are kept no longer, and long after that the jobs themselves. */
@ApplicationScoped
class ReportCleaningService {
    private static final Logger LOG = Logger.getLogger(ReportCleaningService.class);
    private static final int MAX_PARTS = 100;
    private static final int MAX_JOBS = 1_000;
    private static final int MAX_BATCHES = 1_000;

    private final ResultQueries queries;
    private final ReportResults results;
    private final ReportsConfig config;
    private final Clock clock;

    ReportCleaningService(ResultQueries queries, ReportResults results, ReportsConfig config, Clock clock) {
        this.queries = queries;
        this.results = results;
        this.config = config;
        this.clock = clock;
    }

    @Scheduled(every = "15m", delayed = "2m", identity = "report-cleaning",
            concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void clean() {
        Instant now = clock.instant();
        long last = 0;
        for (int batch = 0; batch < MAX_BATCHES; batch++) {
            List<ResultQueries.Expired> expired = queries.expired(now, last, MAX_PARTS);
            expired.forEach(this::remove);
            if (expired.size() < MAX_PARTS) {
                break;
            }
            last = expired.getLast().partNo();
        }
        Instant forgotten = now.minus(Duration.ofDays(config.results().forgetAfterDays()));
        for (int batch = 0; batch < MAX_BATCHES; batch++) {
            if (queries.forget(forgotten, MAX_JOBS) < MAX_JOBS) {
                break;
            }
        }
    }

    @SuppressWarnings("IllegalCatch") // One that cannot be removed does not keep the others.
    private void remove(ResultQueries.Expired expired) {
        try {
            // First what stands outside: if this ends in between, it is found again.
            expired.objectKey().ifPresent(results::remove);
            QuarkusTransaction.requiringNew().run(() -> queries.remove(expired.partNo()));
        } catch (RuntimeException e) {
            LOG.warnf(e, "The rows of part %d could not be removed; this is tried again later", expired.partNo());
        }
    }
}
