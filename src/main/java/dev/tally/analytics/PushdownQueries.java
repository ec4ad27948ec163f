package dev.tally.analytics;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

import jakarta.enterprise.context.ApplicationScoped;

import dev.tally.platform.clickhouse.ClickHouseException;
import dev.tally.platform.clickhouse.ClickHouseGateway;
import dev.tally.platform.clickhouse.ClickHouseQuery;

/** Has ClickHouse read objects; all that it reads by one statement have the same shape. */
@ApplicationScoped
class PushdownQueries {
    /** What ClickHouse keeps apart beside the groups: each object, and the rows that count for nothing. */
    private static final int ROWS_BESIDE_GROUPS = 16;
    private static final String NULL = "\\N";

    private final ClickHouseGateway clickHouse;
    private final PushdownConfig config;

    PushdownQueries(ClickHouseGateway clickHouse, PushdownConfig config) {
        this.clickHouse = clickHouse;
        this.config = config;
    }

    /**
     * Reads them once.
     *
     * @param maxGroups beyond which ClickHouse refuses, by its code 158
     * @throws ClickHouseException of any kind
     */
    Part figures(Metric metric, ObjectShape shape, List<StoredObject> objects, int maxGroups) {
        Map<String, String> settings = settings();
        settings.put("max_rows_to_group_by", Long.toString((long) maxGroups + objects.size() + ROWS_BESIDE_GROUPS));
        settings.put("group_by_overflow_mode", "throw");
        List<FileFacts> files = new ArrayList<>();
        List<GroupPart> groups = new ArrayList<>();
        for (String[] row : ask(sql(metric, shape).figures(), metric, objects, settings)) {
            boolean ofFile = row[0].equals("0");
            if (ofFile) {
                files.add(facts(row));
            } else if (isTrue(row[2])) {
                groups.add(new GroupPart(HexFormat.of().parseHex(row[3]), row[4], Long.parseLong(row[5]),
                        amount(row[6]), amount(row[7]), amount(row[8])));
            }
        }
        return new Part(files, groups);
    }

    /** The first rows of each object that do not fit. */
    List<RejectedRow> rejects(Metric metric, ObjectShape shape, List<StoredObject> objects) {
        Function<String[], RejectedRow> read = row -> new RejectedRow(text(row[0]), text(row[1]),
                Long.parseLong(row[2]), row[3], Long.parseLong(row[4]), HexFormat.of().parseHex(row[5]));
        return ask(sql(metric, shape).rejects(), metric, objects, settings()).stream().map(read).toList();
    }

    /** How many bytes an object has when it is unpacked. */
    long bytes(Metric metric, ObjectShape shape, StoredObject object) {
        return Long.parseLong(ask(sql(metric, shape).bytes(), metric, List.of(object), settings()).getFirst()[0]);
    }

    private PushdownSql sql(Metric metric, ObjectShape shape) {
        return new PushdownSql(metric, shape, PushdownSql.source(config, shape.gzip()));
    }

    private static Map<String, String> settings() {
        return new HashMap<>(Map.of(
                // A key may have parts such as a=b, which are no columns.
                "use_hive_partitioning", "0",
                // Without it the same expression is computed again for each of its uses: a fifth of the speed.
                "short_circuit_function_evaluation", "disable"));
    }

    private List<String[]> ask(String sql, Metric metric, List<StoredObject> objects, Map<String, String> settings) {
        Map<String, String> parameters = new HashMap<>();
        parameters.put("path", ObjectPath.of(objects.stream().map(StoredObject::key).toList()));
        // Nobody can have written it into a file.
        parameters.put("mask", UUID.randomUUID().toString());
        parameters.put("rejects", Integer.toString(Figures.MAX_REJECTS));
        for (int index = 0; index < metric.filters().size(); index++) {
            parameters.put(FilterValues.parameter(index),
                    FilterValues.hex(metric.filters().get(index), metric.dataset().charset()).orElse(""));
        }
        String answer = new String(clickHouse.answer(new ClickHouseQuery(sql, parameters, settings)),
                StandardCharsets.US_ASCII);
        return answer.lines().map(line -> line.split("\t", -1)).toList();
    }

    private static FileFacts facts(String[] row) {
        return new FileFacts(text(row[1]), Long.parseLong(row[5]), Long.parseLong(row[9]), Long.parseLong(row[10]),
                Long.parseLong(row[11]), Long.parseLong(row[12]), Long.parseLong(row[13]), isTrue(row[14]),
                text(row[15]), text(row[16]));
    }

    private static boolean isTrue(String value) {
        return value.equals("1");
    }

    private static Optional<BigDecimal> amount(String value) {
        return value.equals(NULL) ? Optional.empty() : Optional.of(new BigDecimal(value));
    }

    private static String text(String hex) {
        return new String(HexFormat.of().parseHex(hex), StandardCharsets.UTF_8);
    }

    /** What a statement has found. */
    record Part(List<FileFacts> files, List<GroupPart> groups) {
        Part {
            files = List.copyOf(files);
            groups = List.copyOf(groups);
        }
    }

    /**
     * An object as ClickHouse saw it.
     *
     * @param path bucket and key
     * @param rows of data, those that are odd too
     * @param bytes of all lines, without their ends
     * @param endsWithReturn whether the last line has a carriage return at its end
     * @param leastEtag the same as the largest, unless it changed
     */
    record FileFacts(String path, long lines, long rows, long rejected, long odd, long bytes, long longestLineBytes,
            boolean endsWithReturn, String leastEtag, String largestEtag) {}

    /**
     * A group, or a value of a group, in the objects of a statement.
     *
     * @param name as bytes of the dataset's charset
     * @param value in hexadecimal; empty unless different values are counted
     */
    @SuppressWarnings("ArrayRecordComponent") // Goes from hand to hand once, and is never compared.
    record GroupPart(byte[] name, String value, long rows, Optional<BigDecimal> sum, Optional<BigDecimal> min,
            Optional<BigDecimal> max) {}

    /**
     * A row that does not fit.
     *
     * @param state what became of it: {@code number}, {@code group} or {@code measured}
     * @param fields how many it has
     * @param value that was to be measured
     */
    @SuppressWarnings("ArrayRecordComponent") // As above.
    record RejectedRow(String path, String etag, long line, String state, long fields, byte[] value) {}
}
