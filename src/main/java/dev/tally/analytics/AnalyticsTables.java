package dev.tally.analytics;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.tally.platform.table.Column;
import dev.tally.platform.table.Field;
import dev.tally.platform.table.Table;
import dev.tally.platform.table.Table.Layout;
import dev.tally.platform.table.TableSink;

/** Figures as tables: alone, as clients of a predecessor know them, or with what they were read from. */
@ApplicationScoped
class AnalyticsTables {
    static final String ROWS_READ = "X-Rows-Read";
    static final String ROWS_REJECTED = "X-Rows-Rejected";
    private static final List<Column> CATALOGUE_COLUMNS = List.of(Column.text("metric"), Column.text("dataset"),
            Column.text("measure"), Column.text("group_by"), Column.integer("top"), Column.text("engine"),
            Column.text("object"), Column.text("path"));

    private final Catalogue catalogue;
    private final long state;

    AnalyticsTables(Catalogue catalogue) {
        this.catalogue = catalogue;
        this.state = Digests.number(catalogue.metrics().stream().map(AnalyticsTables::shown)
                .collect(Collectors.joining("\n")));
    }

    /** Whatever of a metric stands in its row. */
    private static String shown(Metric metric) {
        return String.join("\n", metric.name(), metric.dataset().name(), metric.measure().text(),
                metric.groupBy().toString(), metric.top().toString(), metric.dataset().engine().text(),
                metric.dataset().key());
    }

    /** The metrics that there are. */
    Table catalogue() {
        return new Table("analytics", Layout.LIST, List.of(), false, CATALOGUE_COLUMNS, sink -> {
            if (sink.begin(null, state)) {
                catalogue.metrics().forEach(metric -> row(sink, metric));
            }
        });
    }

    private static void row(TableSink sink, Metric metric) {
        sink.text(metric.name());
        sink.text(metric.dataset().name());
        sink.text(metric.measure().text());
        metric.groupBy().ifPresentOrElse(sink::text, sink::absent);
        metric.top().ifPresentOrElse(sink::integer, sink::absent);
        sink.text(metric.dataset().engine().text());
        sink.text(metric.dataset().key());
        sink.text(Catalogue.pathOf(metric));
        sink.endRow();
    }

    /**
     * The figures alone.
     *
     * @param groups how many are answered at most
     */
    Table bare(Metric metric, Answered answered, int groups) {
        return new Table(metric.name(), metric.groupBy().isPresent() ? Layout.MEMBERS : Layout.OBJECT, List.of(),
                false, columns(metric), sink -> {
                    if (sink.begin(null, answered.state())) {
                        write(sink, metric, answered.figures(), groups);
                    }
                }).withHeaders(headers(answered.figures()));
    }

    /** The figures with what was read for them. */
    Table full(Metric metric, Answered answered, int groups) {
        Figures figures = answered.figures();
        boolean ofParts = answered.version().isOfParts(metric.dataset());
        List<Field> after = List.of(Field.integer("rows_read", figures.rowsRead()),
                Field.integer("rows_rejected", figures.rowsRejected()),
                Field.json("rejects", rejects(figures.rejects(), ofParts)),
                Field.json("object", object(metric.dataset(), answered.version(), ofParts)));
        return new Table(metric.name(), Layout.LIST, List.of(Field.text("metric", metric.name())), true,
                columns(metric), sink -> {
                    if (sink.begin(answered.asOf(), answered.state())) {
                        write(sink, metric, figures, groups);
                    }
                }).withFieldsAfter(after).withHeaders(headers(figures));
    }

    private static List<Column> columns(Metric metric) {
        List<Column> columns = new ArrayList<>();
        metric.groupBy().map(Column::text).ifPresent(columns::add);
        columns.add(isWhole(metric) ? Column.integer(metric.figureName()) : Column.decimal(metric.figureName()));
        return columns;
    }

    private static boolean isWhole(Metric metric) {
        return metric.measure() == Measure.COUNT || metric.measure() == Measure.DISTINCT;
    }

    private static void write(TableSink sink, Metric metric, Figures figures, int groups) {
        for (Figures.Group group : figures.groups().subList(0, Math.min(groups, figures.groups().size()))) {
            if (metric.groupBy().isPresent()) {
                sink.text(group.name());
            }
            group.figure().ifPresentOrElse(figure -> figure(sink, metric, figure), sink::absent);
            sink.endRow();
        }
    }

    private static void figure(TableSink sink, Metric metric, BigDecimal figure) {
        if (isWhole(metric)) {
            sink.integer(figure.longValueExact());
        } else {
            sink.decimal(figure);
        }
    }

    private static Map<String, String> headers(Figures figures) {
        return Map.of(ROWS_READ, Long.toString(figures.rowsRead()), ROWS_REJECTED,
                Long.toString(figures.rowsRejected()));
    }

    private static String rejects(List<Figures.Reject> rejects, boolean ofParts) {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        for (Figures.Reject reject : rejects) {
            ObjectNode each = all.addObject();
            if (ofParts) {
                each.put("key", reject.key());
            }
            each.put("line", reject.line()).put("reason", reject.reason());
        }
        return all.toString();
    }

    private static String object(Dataset dataset, DatasetVersion version, boolean ofParts) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("key", dataset.key()).put("etag", version.etag(dataset)).put("size_bytes", version.sizeBytes())
                .put("last_modified", version.lastModified().toString());
        if (ofParts) {
            object.put("parts", version.objects().size());
        }
        return object.toString();
    }
}
