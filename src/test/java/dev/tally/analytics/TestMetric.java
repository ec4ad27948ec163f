package dev.tally.analytics;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** A metric in the making. */
record TestMetric(String key, char separator, Charset encoding, boolean comma, Optional<String> group, OptionalInt most,
        List<RowFilter> filters) {
    static final String BUCKET = "tally-samples";

    static TestMetric of(String key) {
        return new TestMetric(key, ',', StandardCharsets.UTF_8, false, Optional.empty(), OptionalInt.empty(),
                List.of());
    }

    TestMetric delimiter(char delimiter) {
        return new TestMetric(key, delimiter, encoding, comma, group, most, filters);
    }

    TestMetric charset(Charset charset) {
        return new TestMetric(key, separator, charset, comma, group, most, filters);
    }

    TestMetric decimalComma() {
        return new TestMetric(key, separator, encoding, true, group, most, filters);
    }

    TestMetric groupBy(String column) {
        return new TestMetric(key, separator, encoding, comma, Optional.of(column), most, filters);
    }

    TestMetric top(int top) {
        return new TestMetric(key, separator, encoding, comma, group, OptionalInt.of(top), filters);
    }

    TestMetric filter(String column, RowFilter.Test test, String... values) {
        return new TestMetric(key, separator, encoding, comma, group, most,
                Stream.concat(filters.stream(), Stream.of(new RowFilter(column, test, List.of(values)))).toList());
    }

    Metric count() {
        return measure(Measure.COUNT, "unused");
    }

    /** @param column not looked at when rows are counted */
    Metric measure(Measure measure, String column) {
        Dataset dataset = new Dataset("of-the-test", BUCKET, key, EngineKind.CLICKHOUSE, encoding,
                Optional.of(separator), comma, Map.of());
        return new Metric("of-the-test", dataset, measure,
                measure.needsColumn() ? Optional.of(column) : Optional.empty(),
                group, most, filters, 6);
    }
}
