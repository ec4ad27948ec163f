package dev.tally.platform.upload;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** What became of the uploads of a job and of their rows, in this process. */
public final class UploadMetrics {
    private static final String OUTCOME = "outcome";

    private final MeterRegistry registry;
    private final Map<Outcome, Counter> uploads = new EnumMap<>(Outcome.class);
    private final Map<Outcome, Counter> rows = new EnumMap<>(Outcome.class);

    /** None yet: what is to be counted is said by what follows, before the first is, so that each begins at 0. */
    public UploadMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** What becomes of an upload, or of a row. */
    public enum Outcome {
        LOADED, COMPLETED, DRY_RUN, DUPLICATE, REJECTED, FAILED;

        private String tag() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Counts uploads by these outcomes, as a metric of this name. */
    public UploadMetrics ofUploads(String name, Outcome... outcomes) {
        for (Outcome each : outcomes) {
            uploads.put(each, registry.counter(name, OUTCOME, each.tag()));
        }
        return this;
    }

    /** Counts rows by these. */
    public UploadMetrics ofRows(String name, Outcome... outcomes) {
        for (Outcome each : outcomes) {
            rows.put(each, registry.counter(name, OUTCOME, each.tag()));
        }
        return this;
    }

    /** Counts only the rows that are rejected, whose metric then needs no outcome. */
    public UploadMetrics ofRejects(String name) {
        rows.put(Outcome.REJECTED, registry.counter(name));
        return this;
    }

    /** An upload has ended so. */
    public void ended(Outcome outcome) {
        Objects.requireNonNull(uploads.get(outcome)).increment();
    }

    /** So many rows have. */
    public void rows(Outcome outcome, long count) {
        Objects.requireNonNull(rows.get(outcome)).increment((double) count);
    }
}
