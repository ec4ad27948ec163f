package dev.tally.analytics;

import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

import dev.tally.platform.csv.CsvScanner;
import dev.tally.platform.csv.RowBatch;

/**
 * What a metric needs of the rows of one object: the columns' places follow its header.
 *
 * @param columns how many fields a row has
 * @param places of the columns that are needed, ascending; the other numbers are places in this list
 * @param group which of them makes the groups; -1 for none
 * @param measured which of them is measured; -1 for none
 */
record RowPlan(Metric metric, char delimiter, int columns, List<Integer> places, int group, int measured,
        List<FilterPlan> filters) {
    static RowPlan of(Metric metric, CsvHeader header) {
        Dataset dataset = metric.dataset();
        TreeSet<Integer> needed = new TreeSet<>();
        int group = metric.groupBy().map(column -> header.place(dataset, column)).orElse(-1);
        int measured = metric.column().map(column -> header.place(dataset, column)).orElse(-1);
        List<Integer> filtered = metric.filters().stream().map(filter -> header.place(dataset, filter.column()))
                .toList();
        needed.add(group);
        needed.add(measured);
        needed.addAll(filtered);
        needed.remove(-1);
        List<Integer> places = List.copyOf(needed);
        List<FilterPlan> filters = new ArrayList<>();
        for (int i = 0; i < filtered.size(); i++) {
            filters.add(FilterPlan.of(metric.filters().get(i), dataset.charset(), places.indexOf(filtered.get(i))));
        }
        return new RowPlan(metric, header.delimiter(), header.names().size(), places, places.indexOf(group),
                places.indexOf(measured), List.copyOf(filters));
    }

    Charset charset() {
        return metric.dataset().charset();
    }

    CsvScanner scanner() {
        return new CsvScanner(delimiter, columns, places.stream().mapToInt(Integer::intValue).toArray());
    }

    RowBatch batch() {
        return new RowBatch(RowBatch.USUAL_ROWS, places.size(), Figures.MAX_REJECTS);
    }
}
