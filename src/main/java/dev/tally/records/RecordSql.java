package dev.tally.records;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.tally.platform.clickhouse.ClickHouseQuery;

/** The statements over the table {@code records}. FINAL leaves out what was replaced, before a search looks at it. */
final class RecordSql {
    private static final String COLUMNS = "canonical_key, name, email, phone, dob";
    /**
     * A number that changes with every change of the table: of the names of its parts, which are never given twice, and of
     * their content. Reading it costs no reading of the table.
     */
    private static final String STATE_OF = "assumeNotNull((SELECT sum(cityHash64(name, rows, hash_of_all_files))"
            + " FROM %s WHERE active AND database = %s AND table = '%s'%s))";
    private static final String STATE = STATE_OF.formatted("system.parts", "currentDatabase()", "records", "");
    private static final String FORMAT = " FORMAT RowBinary";
    /** How many rows ClickHouse reads at once where it may stop soon; by itself it would read 65,000. */
    private static final String SMALL_BLOCK_ROWS = "4096";
    /** Of threads, where there is little to read: to start more takes longer than they save. */
    private static final String ONE = "1";

    private RecordSql() {}

    /**
     * The same statement where the table is spread over a cluster. The parts of all replicas count for its state: which of
     * them was read is not known, and one that lags behind has other parts than it will have.
     *
     * @param database where the tables are
     * @param maxDelaySeconds that a replica may lag behind to be read at all
     */
    static ClickHouseQuery on(String cluster, String database, int maxDelaySeconds, ClickHouseQuery query) {
        String state = STATE_OF.formatted("clusterAllReplicas('" + cluster + "', system.parts)", "'" + database + "'",
                "records_local",
                // What a server that is down has is missing, which is a change too, and no reason to answer nobody.
                " SETTINGS skip_unavailable_shards = 1");
        return whole(new ClickHouseQuery(query.sql().replace(STATE, state), query.parameters(), query.settings()))
                .with("max_replica_delay_for_distributed_queries", Integer.toString(maxDelaySeconds));
    }

    /** The same statement, which takes neither a part of the records for all of them, nor those of yesterday for today's. */
    static ClickHouseQuery whole(ClickHouseQuery query) {
        return query.with("skip_unavailable_shards", "0")
                .with("fallback_to_stale_replicas_for_distributed_queries", "0");
    }

    /** Columns of a record, then the state. */
    static ClickHouseQuery slice(RecordSearch search, RecordSlice slice) {
        Map<String, String> parameters = new HashMap<>();
        List<String> conditions = conditions(search, parameters);
        slice.after().ifPresent(key -> {
            conditions.add("canonical_key > {after:String}");
            parameters.put("after", ClickHouseQuery.escaped(key));
        });
        // One more, by which it is known whether there are others.
        parameters.put("limit", Integer.toString(slice.limit() + 1));
        parameters.put("offset", Integer.toString(slice.offset()));
        ClickHouseQuery query = new ClickHouseQuery("SELECT " + COLUMNS + ", " + STATE + " FROM records FINAL"
                + where(conditions) + " ORDER BY canonical_key LIMIT {limit:UInt32} OFFSET {offset:UInt32}" + FORMAT,
                parameters, Map.of());
        return search.equals(RecordSearch.ALL)
                ? query.with("max_block_size", SMALL_BLOCK_ROWS).with("max_threads", ONE)
                : query;
    }

    /** Columns of a record. */
    static ClickHouseQuery byKey(String key) {
        return new ClickHouseQuery("SELECT " + COLUMNS + " FROM records FINAL WHERE canonical_key = {key:String}"
                + FORMAT, Map.of("key", ClickHouseQuery.escaped(key)), Map.of()).with("max_threads", ONE);
    }

    /** The state. */
    static ClickHouseQuery state() {
        return new ClickHouseQuery("SELECT " + STATE + FORMAT, Map.of(), Map.of());
    }

    /** How many records there are, exactly, and the state. */
    static ClickHouseQuery total(RecordSearch search) {
        Map<String, String> parameters = new HashMap<>();
        List<String> conditions = conditions(search, parameters);
        return new ClickHouseQuery("SELECT count(), " + STATE + " FROM records FINAL" + where(conditions) + FORMAT,
                parameters, Map.of());
    }

    private static List<String> conditions(RecordSearch search, Map<String, String> parameters) {
        List<String> conditions = new ArrayList<>();
        search.name().ifPresent(text -> {
            conditions.add(like("name"));
            parameters.put("name", pattern(text));
        });
        search.email().ifPresent(text -> {
            conditions.add(like("email"));
            parameters.put("email", pattern(text));
        });
        return conditions;
    }

    /** The left side is that of the index. */
    private static String like(String column) {
        return small(column) + " LIKE " + small("{" + column + ":String}");
    }

    /** A text in small letters. The sigma at the end of a word is another letter than within, and must not be here. */
    private static String small(String expression) {
        return "replaceAll(lowerUTF8(" + expression + "), 'ς', 'σ')";
    }

    private static String pattern(String text) {
        String ordinary = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_");
        return ClickHouseQuery.escaped("%" + ordinary + "%");
    }

    private static String where(List<String> conditions) {
        return conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
    }
}
