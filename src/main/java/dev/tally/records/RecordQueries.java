package dev.tally.records;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;

import dev.tally.platform.clickhouse.ClickHouseBounds;
import dev.tally.platform.clickhouse.ClickHouseException;
import dev.tally.platform.clickhouse.ClickHouseGateway;
import dev.tally.platform.clickhouse.ClickHouseQuery;
import dev.tally.platform.problem.ProblemException;

/** Finds records. A fault of ClickHouse is a {@link ProblemException}; a thread that is interrupted has its query killed. */
@ApplicationScoped
class RecordQueries {
    private final ClickHouseGateway clickHouse;
    private final RecordsConfig config;

    RecordQueries(ClickHouseGateway gateway, RecordsConfig config) {
        RecordsConfig.Query bounds = config.query();
        this.clickHouse = gateway.within(new ClickHouseBounds(bounds.maxSeconds(), bounds.maxMemoryBytes(),
                bounds.maxAnswerBytes(), bounds.maxConcurrent()));
        this.config = config;
    }

    @PreDestroy
    void close() {
        clickHouse.close();
    }

    /** Whether there is a ClickHouse at all. */
    boolean isConfigured() {
        return clickHouse.url().isPresent();
    }

    /**
     * Records in the order of their keys.
     *
     * @param more whether there are others after them
     * @param state of the table when they were read; empty when there are none
     */
    record Slice(List<CanonicalRecord> records, boolean more, OptionalLong state) {
        Slice {
            records = List.copyOf(records);
        }
    }

    Slice find(RecordSearch search, RecordSlice slice) {
        RowBinaryReader rows = ask(RecordSql.slice(search, slice));
        List<CanonicalRecord> records = new ArrayList<>(slice.limit());
        OptionalLong state = OptionalLong.empty();
        while (rows.hasMore()) {
            records.add(record(rows));
            state = OptionalLong.of(rows.integer());
        }
        boolean more = records.size() > slice.limit();
        return new Slice(more ? records.subList(0, slice.limit()) : records, more, state);
    }

    Optional<CanonicalRecord> find(String key) {
        RowBinaryReader rows = ask(RecordSql.byKey(key));
        return rows.hasMore() ? Optional.of(record(rows)) : Optional.empty();
    }

    private static CanonicalRecord record(RowBinaryReader rows) {
        return new CanonicalRecord(rows.text(), rows.text(), rows.text(), rows.text(), rows.date());
    }

    /**
     * How many records a search finds, exactly.
     *
     * @param state of the table when they were counted
     */
    record Total(long count, long state) {}

    /** Looks at all records. */
    Total count(RecordSearch search) {
        RowBinaryReader row = ask(RecordSql.total(search));
        return new Total(row.integer(), row.integer());
    }

    /** Another number after each change of the table. Looks at none. */
    long state() {
        return ask(RecordSql.state()).integer();
    }

    private RowBinaryReader ask(ClickHouseQuery query) {
        try {
            return new RowBinaryReader(clickHouse.answer(placed(query).in(clickHouse.database())
                    .with("max_rows_to_read",
                            Long.toString(config.query().maxRowsToRead()))
                    // Without it a search would find what was replaced.
                    .with("use_skip_indexes_if_final_exact_mode", "1")));
        } catch (ClickHouseException e) {
            throw RecordFaults.translated(e);
        }
    }

    private ClickHouseQuery placed(ClickHouseQuery query) {
        return clickHouse.cluster().map(cluster -> RecordSql.on(cluster, clickHouse.database(),
                config.query().maxReplicaDelaySeconds(), query)).orElse(query);
    }
}
