package dev.tally.reports;

import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

import jakarta.enterprise.context.ApplicationScoped;

import dev.tally.platform.problem.DatabaseException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.quarkus.scheduler.Scheduled;

/** How many jobs are open over all processes, and for how long: counted now and then, not for each question. */
@ApplicationScoped
class ReportMetrics {
    private final JobQueries jobs;
    private final Clock clock;
    private final Map<JobStatus, AtomicLong> open = new EnumMap<>(JobStatus.class);
    private final MeterRegistry registry;
    private final AtomicLong begunSinceCount = new AtomicLong();
    private final AtomicLong oldestSeconds = new AtomicLong();

    ReportMetrics(JobQueries jobs, Clock clock, MeterRegistry registry) {
        this.jobs = jobs;
        this.clock = clock;
        this.registry = registry;
        for (JobStatus status : JobStatus.values()) {
            if (status.ended()) {
                // So that there is a zero before there is a one.
                Counter unused = endings(status);
            } else {
                open.put(status, registry.gauge("tally.reports.open",
                        List.of(Tag.of("status", status.text())),
                        new AtomicLong()));
            }
        }
        registry.gauge("tally.reports.oldest.open.seconds", oldestSeconds);
    }

    /** A job has ended, by this process. */
    void ended(JobStatus status) {
        endings(status).increment();
    }

    private Counter endings(JobStatus status) {
        return registry.counter("tally.reports.ended", "status", status.text());
    }

    /** A job was begun, by this process. */
    void begun() {
        begunSinceCount.incrementAndGet();
    }

    /** As of some seconds ago, and what this process has begun since. */
    long openJobs() {
        return open.values().stream().mapToLong(AtomicLong::get).sum() + begunSinceCount.get();
    }

    @Scheduled(every = "10s", delayed = "7s", identity = "report-metrics", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void count() {
        try {
            begunSinceCount.set(0);
            Map<JobStatus, Long> counts = new EnumMap<>(JobStatus.class);
            long oldest = 0;
            for (JobQueries.OpenJobs each : jobs.countOpen()) {
                counts.put(each.status(), each.count());
                oldest = Math.max(oldest, Duration.between(each.oldest(), clock.instant()).toSeconds());
            }
            open.forEach((status, gauge) -> gauge.set(counts.getOrDefault(status, 0L)));
            oldestSeconds.set(oldest);
        } catch (DatabaseException _) {
            // The runner says so; the figures stay those of the last count.
        }
    }
}
