package dev.tally.reports;

import java.time.LocalDate;
import java.util.Collections;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a report at Gcore is of. The rest that Gcore asks for is always the same.
 *
 * @param dateTo exclusive
 * @param features the ids of Gcore's features, at least one
 */
record ReportParameters(LocalDate dateFrom, LocalDate dateTo, SortedSet<Integer> features) {
    ReportParameters {
        if (!dateFrom.isBefore(dateTo)) {
            throw new IllegalArgumentException("A report from " + dateFrom + " to " + dateTo + " has no day");
        }
        if (features.isEmpty()) {
            throw new IllegalArgumentException("A report of no feature");
        }
        features = Collections.unmodifiableSortedSet(new TreeSet<>(features));
    }
}
