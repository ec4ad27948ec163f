package dev.tally.interactions;

import jakarta.enterprise.context.ApplicationScoped;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;

/** How imports end, in this process. */
@Startup // So that there is a zero before there is a one.
@ApplicationScoped
class ImportMetrics {
    private static final String IMPORTS = "tally.interactions.imports";
    private static final String OUTCOME = "outcome";

    private final Counter completed;
    private final Counter dryRuns;
    private final Counter failures;
    private final Counter rejects;

    ImportMetrics(MeterRegistry registry) {
        completed = registry.counter(IMPORTS, OUTCOME, "completed");
        dryRuns = registry.counter(IMPORTS, OUTCOME, "dry_run");
        failures = registry.counter(IMPORTS, OUTCOME, "failed");
        rejects = registry.counter("tally.interactions.rejects");
    }

    /** One that is stored. */
    void completed(ImportLog log) {
        completed.increment();
        rejects.increment(log.rejects().size());
    }

    /** One that was only tried. */
    void tried() {
        dryRuns.increment();
    }

    /** One of which nothing is stored. */
    void failed(ImportLog log) {
        failures.increment();
        rejects.increment(log.rejects().size());
    }
}
