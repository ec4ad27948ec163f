package dev.tally.analytics;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BinaryOperator;

import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;

/** Puts the parts that statements have found together. For one thread. */
final class Tallies {
    private final Metric metric;
    private final int maxGroups;
    private final Map<String, Tally> groups = new HashMap<>();
    private int values;

    Tallies(Metric metric, int maxGroups) {
        this.metric = metric;
        this.maxGroups = maxGroups;
        if (metric.groupBy().isEmpty()) {
            groups.put("", new Tally());
        }
    }

    /** @throws ProblemException when there are more groups or values than may be kept apart */
    void add(PushdownQueries.GroupPart part) {
        Tally tally = groups.computeIfAbsent(new String(part.name(), metric.dataset().charset()), _ -> new Tally());
        tally.rows += part.rows();
        tally.sum = merged(tally.sum, part.sum(), BigDecimal::add);
        tally.min = merged(tally.min, part.min(), BigDecimal::min);
        tally.max = merged(tally.max, part.max(), BigDecimal::max);
        if (metric.measure() == Measure.DISTINCT && tally.values.add(part.value())) {
            values++;
        }
        if (groups.size() > maxGroups || values > maxGroups) {
            throw new ProblemException(ProblemCode.TOO_MANY_GROUPS, "The dataset " + metric.dataset().name()
                    + " has more than " + maxGroups + " different values where the metric " + metric.name()
                    + " keeps them apart.");
        }
    }

    /** In no order. */
    List<Figures.Group> groups() {
        List<Figures.Group> all = new ArrayList<>();
        groups.forEach((name, tally) -> all.add(new Figures.Group(name, figure(tally))));
        return all;
    }

    private Optional<BigDecimal> figure(Tally tally) {
        Optional<BigDecimal> figure = switch (metric.measure()) {
            case COUNT -> Optional.of(BigDecimal.valueOf(tally.rows));
            case DISTINCT -> Optional.of(BigDecimal.valueOf(tally.values.size()));
            case SUM -> Optional.of(tally.sum.orElse(BigDecimal.ZERO));
            case AVG -> tally.sum.map(
                    sum -> sum.divide(BigDecimal.valueOf(tally.rows), metric.decimals(), RoundingMode.HALF_UP));
            case MIN -> tally.min;
            case MAX -> tally.max;
        };
        return figure.map(Tallies::plain);
    }

    /** Without zeros at its end. */
    private static BigDecimal plain(BigDecimal value) {
        BigDecimal stripped = value.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }

    private static Optional<BigDecimal> merged(Optional<BigDecimal> one, Optional<BigDecimal> other,
            BinaryOperator<BigDecimal> merge) {
        return one.isEmpty() ? other : Optional.of(other.map(it -> merge.apply(one.get(), it)).orElse(one.get()));
    }

    /** What is known of a group. */
    private static final class Tally {
        private final Set<String> values = new HashSet<>();
        private long rows;
        private Optional<BigDecimal> sum = Optional.empty();
        private Optional<BigDecimal> min = Optional.empty();
        private Optional<BigDecimal> max = Optional.empty();
    }
}
