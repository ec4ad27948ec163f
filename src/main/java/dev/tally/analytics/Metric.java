package dev.tally.analytics;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A figure of the catalogue, or one for each group.
 *
 * @param name its name in paths
 * @param column what is measured; empty for {@link Measure#COUNT}
 * @param groupBy the column whose values make the groups; empty for one figure over all rows
 * @param top how many groups are answered, the largest first; empty for all
 * @param filters all of which a row has to pass; what does not is neither measured nor rejected for its values
 * @param decimals to how many places a mean is rounded, half up
 */
record Metric(String name, Dataset dataset, Measure measure, Optional<String> column, Optional<String> groupBy,
        OptionalInt top, List<RowFilter> filters, int decimals) {
    Metric {
        filters = List.copyOf(filters);
        if (column.isPresent() != measure.needsColumn()) {
            throw new IllegalArgumentException("The metric " + name + (measure.needsColumn() ? " needs" : " has")
                    + " a column");
        }
        if (top.isPresent() && groupBy.isEmpty()) {
            throw new IllegalArgumentException("The metric " + name + " has a top, but nothing to group by");
        }
    }

    /** The name of the figure in answers, such as {@code count} or {@code avg_monto}. */
    String figureName() {
        return column.map(name -> measure.text() + "_" + name).orElse(measure.text());
    }
}
