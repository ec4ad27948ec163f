package dev.tally.records;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

import jakarta.enterprise.context.ApplicationScoped;

import dev.tally.records.SharedCounts.Asked;

/**
 * How many records each search finds, exactly. A number is kept for as long as the table is in the state in which it was
 * counted; those that were asked for last are kept. Who asks for the same while it is counted waits for that.
 */
@ApplicationScoped
class RecordTotals {
    private final RecordQueries queries;
    private final int maxKept;
    private final SharedCounts counts;
    /** What was asked for last at its end. */
    private final Map<RecordSearch, RecordQueries.Total> kept = new LinkedHashMap<>();

    RecordTotals(RecordQueries queries, RecordsConfig config) {
        this.queries = queries;
        this.maxKept = config.maxKeptTotals();
        // As long as a statement may wait for its turn, and then take.
        this.counts = new SharedCounts(this::count, Duration.ofSeconds(2L * config.query().maxSeconds()));
    }

    /**
     * How many there are beside those that were found.
     *
     * @param found what this slice of the search came to
     */
    long total(RecordSearch search, RecordSlice slice, RecordQueries.Slice found) {
        int records = found.records().size();
        boolean atEnd = !found.more() && (records > 0 || slice.offset() == 0);
        if (atEnd && slice.after().isEmpty()) {
            // These were the last ones, and none was left out but by the offset.
            return (long) slice.offset() + records;
        }
        long state = found.state().orElseGet(queries::state);
        if (state == 0) {
            // Where the parts are not shown it says nothing.
            return queries.count(search).count();
        }
        return find(search, state).orElseGet(() -> counts.count(new Asked(search, state)).count());
    }

    private RecordQueries.Total count(Asked asked) {
        OptionalLong known = find(asked.search(), asked.state());
        if (known.isPresent()) {
            // It was counted after whoever asked had looked.
            return new RecordQueries.Total(known.getAsLong(), asked.state());
        }
        RecordQueries.Total counted = queries.count(asked.search());
        // The state is read after the table. If it was the same before, nothing came in between.
        if (counted.state() == asked.state()) {
            keep(asked.search(), counted);
        }
        return counted;
    }

    private OptionalLong find(RecordSearch search, long state) {
        synchronized (kept) {
            RecordQueries.Total total = kept.remove(search);
            if (total == null || total.state() != state) {
                return OptionalLong.empty();
            }
            kept.put(search, total);
            return OptionalLong.of(total.count());
        }
    }

    private void keep(RecordSearch search, RecordQueries.Total counted) {
        synchronized (kept) {
            kept.remove(search);
            kept.put(search, counted);
            if (kept.size() > maxKept) {
                kept.remove(kept.keySet().iterator().next());
            }
        }
    }
}
