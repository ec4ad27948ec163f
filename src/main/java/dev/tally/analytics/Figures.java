package dev.tally.analytics;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What an engine found.
 *
 * @param groups largest figure first, those without one last, ties by the name of the group; of a metric without groups
 *        exactly one, whose name is empty
 * @param rowsRead every data row, the rejected included
 * @param rowsRejected rows that do not fit
 * @param rejects the first of these, in the order of the objects' keys and of the lines
 */
record Figures(List<Group> groups, long rowsRead, long rowsRejected, List<Reject> rejects) {
    /** How many rejected rows are told of. */
    static final int MAX_REJECTS = 10;
    /** Of a metric with a top so many groups may be asked for. */
    static final int MAX_TOP = 100;

    Figures {
        groups = List.copyOf(groups);
        rejects = List.copyOf(rejects);
    }

    /** Puts the groups into their order, and leaves out those that nobody can ask for. */
    static Figures of(Metric metric, List<Group> groups, long rowsRead, long rowsRejected, List<Reject> rejects) {
        Comparator<Group> byFigure = Comparator.comparing(group -> group.figure().orElse(null),
                Comparator.nullsLast(Comparator.reverseOrder()));
        Stream<Group> ordered = groups.stream().sorted(byFigure.thenComparing(Group::utf8, Arrays::compareUnsigned));
        if (metric.top().isPresent()) {
            ordered = ordered.limit(Math.max(metric.top().getAsInt(), MAX_TOP));
        }
        return new Figures(ordered.toList(), rowsRead, rowsRejected, rejects);
    }

    /**
     * @param name the value that its rows have in common
     * @param figure exact, but for a mean; empty when there was nothing to measure
     */
    record Group(String name, Optional<BigDecimal> figure) {
        private byte[] utf8() {
            return name.getBytes(StandardCharsets.UTF_8);
        }
    }

    /**
     * A row that was left out.
     *
     * @param key of its object
     * @param line of the object, from 1, on which the row begins
     * @param reason a sentence
     */
    record Reject(String key, long line, String reason) {}
}
