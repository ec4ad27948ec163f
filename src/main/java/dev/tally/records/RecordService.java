package dev.tally.records;

import java.util.Optional;
import java.util.concurrent.TimeUnit;

import jakarta.enterprise.context.ApplicationScoped;

/** Finds records. What this gives is paid for by whoever asks. */
@ApplicationScoped
class RecordService {
    private final RecordQueries queries;
    private final RecordTotals totals;

    RecordService(RecordQueries queries, RecordTotals totals) {
        this.queries = queries;
        this.totals = totals;
    }

    /**
     * @param total how many records the search finds, exactly
     * @param millis how long it took
     */
    record Found(RecordQueries.Slice slice, long total, long millis) {}

    Found find(RecordSearch search, RecordSlice wanted) {
        long begin = System.nanoTime();
        RecordQueries.Slice slice = queries.find(search, wanted);
        long total = totals.total(search, wanted, slice);
        return new Found(slice, total, millisSince(begin));
    }

    /** @param content empty when there is none with the key */
    record Looked(Optional<CanonicalRecord> content, long millis) {}

    Looked find(String key) {
        long begin = System.nanoTime();
        Optional<CanonicalRecord> content = queries.find(key);
        return new Looked(content, millisSince(begin));
    }

    /** @throws dev.tally.platform.problem.ProblemException when there is nothing to find records in */
    void requireConfigured() {
        if (!queries.isConfigured()) {
            throw RecordFaults.notConfigured();
        }
    }

    private static long millisSince(long begin) {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
    }
}
