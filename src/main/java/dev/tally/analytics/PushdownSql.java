package dev.tally.analytics;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The rules of CSV (docs/csv.md) in ClickHouse's SQL. Not by its own CSV format, which takes some texts otherwise, stops at
 * others, and does not tell of lines: objects are read line by line. A line without quotation marks is a row, whose
 * fields can be cut out. Of a line with them that are all around whole fields, the delimiters inside are masked first. A
 * line with others is odd: the statement counts it, and its figures are not to be used.
 */
final class PushdownSql {
    private static final String AMOUNT = "^[+-]?([0-9]{1,28}(\\\\%1$s[0-9]{0,38})?|\\\\%1$s[0-9]{1,38})$";

    private final Metric metric;
    private final ObjectShape shape;
    private final String source;

    /** @param source the table function, with the place of what it reads left to {@code {path:String}} */
    PushdownSql(Metric metric, ObjectShape shape, String source) {
        this.metric = metric;
        this.shape = shape;
        this.source = source;
    }

    /** One row for each group and, for a distinct count, each value of it; and one for each object. */
    String figures() {
        return """
               SELECT GROUPING(path), hex(path), counted, hex(grouped), hex(valued), count(),
                 toString(sum(amount)), toString(min(amount)), toString(max(amount)),
                 countIf(state NOT IN ('header', 'blank')),
                 countIf(state IN ('number', 'group', 'measured')),
                 countIf(state = 'odd'),
                 sum(length(line)), max(length(line)),
                 argMax(endsWith(line, '\\r'), number), hex(min(etag)), hex(max(etag))
               FROM (
                 SELECT *, state = 'counted' AS counted,
                   if(counted, %s, '') AS grouped, if(counted, %s, '') AS valued,
                   if(counted, %s, NULL) AS amount
                 FROM (%s))
               GROUP BY GROUPING SETS ((counted, grouped, valued), (path))
               FORMAT TabSeparatedRaw"""
                .formatted(shape.group().map(PushdownSql::field).orElse("''"),
                        metric.measure() == Measure.DISTINCT ? measured() : "''",
                        metric.measure().isOfAmounts()
                                ? "toDecimal256OrNull(" + withPoint(measured()) + ", 38)"
                                : "toDecimal256OrNull('', 38)",
                        rows());
    }

    /** The first rejected rows of each object. */
    String rejects() {
        return """
               SELECT hex(path), hex(etag), number + 1, state, found, hex(%s)
               FROM (%s)
               WHERE state IN ('number', 'group', 'measured')
               ORDER BY path, number LIMIT {rejects:UInt32} BY path
               FORMAT TabSeparatedRaw"""
                .formatted(metric.column().isPresent() ? measured() : "''", rows());
    }

    /** How many bytes an object has when it is unpacked. */
    String bytes() {
        return "SELECT count() FROM " + source.formatted("RowBinary", "octet UInt8") + " FORMAT TabSeparatedRaw";
    }

    /** Lines, cut into the fields that are needed, and what is to become of them. */
    private String rows() {
        return """
               SELECT *, %1$s AS state
               FROM (
                 SELECT *, countSubstrings(masked, %2$s) + 1 AS found,
                   arrayMap(it -> replaceAll(it, {mask:String}, %2$s), splitByChar(%2$s, masked, %3$d)) AS fields
                 FROM (
                   SELECT *, if(plain OR odd, record, arrayStringConcat(arrayMap((part, place) -> multiIf(
                       place %% 2 = 0, replaceAll(part, %2$s, {mask:String}),
                       part = '' AND place > 1 AND place < length(parts), '"',
                       part), parts, arrayEnumerate(parts)))) AS masked
                   FROM (%4$s)))"""
                .formatted(state(), delimiter(), Math.max(1, shape.neededFields()), lines());
    }

    /** Lines, and whether their quotation marks are what they seem: every second of the parts between is inside. */
    private String lines() {
        return """
               SELECT *, position(record, '"') = 0 AS plain,
                 if(plain, emptyArrayString(), splitByChar('"', record)) AS parts,
                 NOT plain AND (length(parts) %% 2 = 0 OR arrayExists((part, place) ->
                   place %% 2 = 1 AND part != '' AND (
                     (place > 1 AND NOT startsWith(part, %1$s))
                     OR (place < length(parts) AND NOT endsWith(part, %1$s))),
                   parts, arrayEnumerate(parts))) AS odd
               FROM (
                 SELECT _path AS path, _etag AS etag, _row_number AS number, line,
                   if(endsWith(line, '\\r'), substring(line, 1, length(line) - 1), line) AS record
                 FROM %2$s)"""
                .formatted(delimiter(), source.formatted("LineAsString", "line String"));
    }

    private String state() {
        StringBuilder state = new StringBuilder("multiIf(number = 0, 'header', odd, 'odd', ");
        if (shape.columns() > 1) {
            state.append("record IN ('', '\"\"'), 'blank', ");
        }
        state.append("found != ").append(shape.columns()).append(", 'number', ");
        for (int index = 0; index < shape.filters().size(); index++) {
            state.append("NOT (").append(passes(index)).append("), 'filtered', ");
        }
        boolean utf8 = metric.dataset().charset().equals(StandardCharsets.UTF_8);
        if (utf8) {
            shape.group().ifPresent(
                    place -> state.append("NOT isValidUTF8(").append(field(place)).append("), 'group', "));
        }
        if (metric.measure().isOfAmounts()) {
            state.append("NOT match(").append(measured()).append(", '").append(AMOUNT.formatted(point()))
                    .append("'), 'measured', ");
        } else if (metric.measure() == Measure.DISTINCT && utf8) {
            state.append("NOT isValidUTF8(").append(measured()).append("), 'measured', ");
        }
        return state.append("'counted')").toString();
    }

    private String passes(int index) {
        RowFilter filter = metric.filters().get(index);
        String field = field(shape.filters().get(index));
        Optional<String> values = FilterValues.hex(filter, metric.dataset().charset());
        String name = FilterValues.parameter(index);
        return switch (filter.test()) {
            case ANY_OF -> values.isEmpty() ? "0" : isOneOf(field, name);
            case NONE_OF -> values.isEmpty() ? "1" : "NOT " + isOneOf(field, name);
            case AT_LEAST -> values.isEmpty() ? "0" : field + " >= unhex({" + name + ":String})";
            case BELOW -> values.isEmpty() ? "0" : field + " < unhex({" + name + ":String})";
        };
    }

    private static String isOneOf(String field, String parameter) {
        return "has(arrayMap(it -> unhex(it), splitByChar(',', {" + parameter + ":String})), " + field + ")";
    }

    private String measured() {
        return field(shape.measured().orElseThrow());
    }

    private static String field(int place) {
        return "fields[" + (place + 1) + "]";
    }

    private String point() {
        return metric.dataset().decimalComma() ? "," : ".";
    }

    private String withPoint(String amount) {
        return metric.dataset().decimalComma() ? "replaceOne(" + amount + ", ',', '.')" : amount;
    }

    /** Quoted; the model knows no others. */
    private String delimiter() {
        return switch (shape.delimiter()) {
            case ',' -> "','";
            case ';' -> "';'";
            case '\t' -> "'\\t'";
            default -> throw new IllegalArgumentException("No delimiter of CSV: " + shape.delimiter());
        };
    }

    /** The table functions by which objects are read, their credentials left to a named collection. */
    static String source(PushdownConfig config, boolean gzip) {
        String function = config.cluster().map(cluster -> "s3Cluster('" + cluster + "', ").orElse("s3(")
                + config.namedCollection();
        return function + ", filename = {path:String}, format = '%s', structure = '%s', compression_method = '"
                + (gzip ? "gzip" : "none") + "')";
    }
}
