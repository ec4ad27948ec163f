package dev.tally.analytics;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a metric needs to know of an object's form; objects of the same shape can be read by one statement.
 *
 * @param columns how many fields a row has
 * @param group where the value of the group stands, from 0
 * @param measured where the measured value stands
 * @param filters where what the metric's filters look at stands, in their order
 */
record ObjectShape(int columns, char delimiter, boolean gzip, Optional<Integer> group, Optional<Integer> measured,
        List<Integer> filters) {
    static ObjectShape of(Metric metric, CsvHeader header) {
        Dataset dataset = metric.dataset();
        return new ObjectShape(header.names().size(), header.delimiter(), header.gzip(),
                metric.groupBy().map(column -> header.place(dataset, column)),
                metric.column().map(column -> header.place(dataset, column)),
                metric.filters().stream().map(filter -> header.place(dataset, filter.column())).toList());
    }

    /** How many fields from the first on have to be looked at. */
    int neededFields() {
        IntStream places = Stream.of(group.stream(), measured.stream(), filters.stream()).flatMap(it -> it)
                .mapToInt(Integer::intValue);
        return places.max().orElse(-1) + 1;
    }
}
