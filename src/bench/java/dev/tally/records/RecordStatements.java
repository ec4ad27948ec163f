package dev.tally.records;

import java.util.Map;
import java.util.Optional;

import dev.tally.platform.clickhouse.ClickHouseQuery;
import io.smallrye.config.SmallRyeConfigBuilder;

/** The application's own statements over records, with its own settings, for whoever asks ClickHouse itself. */
public final class RecordStatements {
    private static final RecordsConfig.Query BOUNDS = new SmallRyeConfigBuilder().withMapping(RecordsConfig.class)
            .build().getConfigMapping(RecordsConfig.class).query();

    private RecordStatements() {}

    public static ClickHouseQuery byKey(String key, String database) {
        return bounded(RecordSql.byKey(key), database);
    }

    /** A page of all records. */
    public static ClickHouseQuery page(int limit, Optional<String> after, String database) {
        return bounded(RecordSql.slice(RecordSearch.ALL, new RecordSlice(limit, 0, after)), database);
    }

    /** The same without the state of the table, which the application asks for to know whether a total still holds. */
    public static ClickHouseQuery pageWithoutState(int limit, String after, String database) {
        ClickHouseQuery settings = page(limit, Optional.of(after), database);
        return new ClickHouseQuery("SELECT canonical_key, name, email, phone, dob FROM records FINAL"
                + " WHERE canonical_key > {after:String} ORDER BY canonical_key LIMIT {limit:UInt32} FORMAT RowBinary",
                Map.of("after", ClickHouseQuery.escaped(after), "limit", Integer.toString(limit)),
                settings.settings());
    }

    /** As the application's queries and its gateway to ClickHouse do it. */
    private static ClickHouseQuery bounded(ClickHouseQuery query, String database) {
        return query.in(database).with("max_rows_to_read", Long.toString(BOUNDS.maxRowsToRead()))
                .with("max_execution_time", Integer.toString(BOUNDS.maxSeconds()))
                .with("max_memory_usage", Long.toString(BOUNDS.maxMemoryBytes()))
                .with("wait_end_of_query", "1");
    }
}
