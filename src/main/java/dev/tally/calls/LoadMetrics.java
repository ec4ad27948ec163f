package dev.tally.calls;

import jakarta.enterprise.context.ApplicationScoped;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;

/** What became of uploads of call records, in this process. */
@Startup // So that there is a zero before there is a one.
@ApplicationScoped
class LoadMetrics {
    private static final String LOADS = "tally.calls.loads";
    private static final String ROWS = "tally.calls.rows";
    private static final String OUTCOME = "outcome";

    private final Counter loads;
    private final Counter failures;
    private final Counter loaded;
    private final Counter duplicates;
    private final Counter rejected;

    LoadMetrics(MeterRegistry registry) {
        loads = registry.counter(LOADS, OUTCOME, "loaded");
        failures = registry.counter(LOADS, OUTCOME, "failed");
        loaded = registry.counter(ROWS, OUTCOME, "loaded");
        duplicates = registry.counter(ROWS, OUTCOME, "duplicate");
        rejected = registry.counter(ROWS, OUTCOME, "rejected");
    }

    /** An upload of which the good rows are stored. */
    void loaded(LoadResponse response) {
        loads.increment();
        loaded.increment((double) response.loaded());
        duplicates.increment((double) response.duplicates());
        rejected.increment((double) response.rejected());
    }

    /** One of which nothing is. */
    void failed() {
        failures.increment();
    }
}
