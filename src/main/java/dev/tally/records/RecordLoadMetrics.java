package dev.tally.records;

import jakarta.enterprise.context.ApplicationScoped;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;

/** What became of uploads of records, in this process. */
@Startup // So that there is a zero before there is a one.
@ApplicationScoped
class RecordLoadMetrics {
    private static final String LOADS = "tally.records.loads";
    private static final String ROWS = "tally.records.rows";
    private static final String OUTCOME = "outcome";

    private final Counter loads;
    private final Counter failures;
    private final Counter loaded;
    private final Counter rejected;

    RecordLoadMetrics(MeterRegistry registry) {
        loads = registry.counter(LOADS, OUTCOME, "loaded");
        failures = registry.counter(LOADS, OUTCOME, "failed");
        loaded = registry.counter(ROWS, OUTCOME, "loaded");
        rejected = registry.counter(ROWS, OUTCOME, "rejected");
    }

    /** One that was read to its end. */
    void loaded(RecordLoadResponse response) {
        loads.increment();
        loaded.increment((double) response.loaded());
        rejected.increment((double) response.rejected());
    }

    /** One that was not; what came before may be loaded. */
    void failed() {
        failures.increment();
    }
}
