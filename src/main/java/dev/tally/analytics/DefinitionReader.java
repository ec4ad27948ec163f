package dev.tally.analytics;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

import dev.tally.analytics.AnalyticsConfig.DatasetConfig;
import dev.tally.analytics.AnalyticsConfig.FilterConfig;
import dev.tally.analytics.AnalyticsConfig.MetricConfig;
import io.quarkus.runtime.configuration.ConfigurationException;

/** Makes datasets and metrics of what is configured, or says which key is wrong and why. */
final class DefinitionReader {
    private static final String PREFIX = "tally.analytics.";
    private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,64}");
    private static final int MAX_DECIMALS = 30;

    private final AnalyticsConfig config;

    DefinitionReader(AnalyticsConfig config) {
        this.config = config;
    }

    /** @throws ConfigurationException when it cannot be */
    Dataset dataset(String name, DatasetConfig dataset) {
        String at = "datasets." + name;
        requireName(at, name);
        if (dataset.key().isBlank()) {
            throw fault(at + ".key", "is empty. It names an object, or the prefix of many");
        }
        // Without a bucket the service starts, and says so when it is asked.
        String bucket = dataset.bucket().or(config::bucket).orElse("");
        return new Dataset(name, bucket, dataset.key(), dataset.engine(), dataset.charset().charset(),
                dataset.delimiter().character(), dataset.decimal() == DecimalMark.COMMA, dataset.aliases());
    }

    /** @throws ConfigurationException when it cannot be */
    Metric metric(String name, MetricConfig metric, Map<String, Dataset> datasets) {
        String at = "metrics." + name;
        requireName(at, name);
        Dataset dataset = datasets.get(metric.dataset());
        if (dataset == null) {
            throw fault(at + ".dataset",
                    "is " + metric.dataset() + ", which is none of " + PREFIX + "datasets: "
                            + String.join(", ", datasets.keySet()));
        }
        if (metric.column().isPresent() != metric.measure().needsColumn()) {
            throw fault(at + ".column", metric.measure().needsColumn()
                    ? "is missing. It is what " + metric.measure().text() + " measures"
                    : "is set, but a count is of rows. Leave it out, or measure distinct");
        }
        requireTop(at, metric);
        if (metric.decimals() < 0 || metric.decimals() > MAX_DECIMALS) {
            throw fault(at + ".decimals", "is not between 0 and " + MAX_DECIMALS);
        }
        Metric made = new Metric(name, dataset, metric.measure(), metric.column(), metric.groupBy(), metric.top(),
                filters(at, metric.filters()), metric.decimals());
        if (metric.groupBy().filter(made.figureName()::equals).isPresent()) {
            throw fault(at + ".group-by", "is " + made.figureName() + ", as the figure is called in answers. Give the "
                    + "dataset an alias for that column, and group by it");
        }
        return made;
    }

    private void requireTop(String at, MetricConfig metric) {
        metric.top().ifPresent(top -> {
            if (metric.groupBy().isEmpty()) {
                throw fault(at + ".top", "is set, but there is no group-by, so there is only one figure");
            }
            if (top < 1 || top > config.maxGroups()) {
                throw fault(at + ".top", "is not between 1 and " + config.maxGroups() + ", which is " + PREFIX
                        + "max-groups");
            }
        });
    }

    private static List<RowFilter> filters(String at, Map<String, FilterConfig> filters) {
        List<RowFilter> made = new ArrayList<>();
        // By name, so that the same configuration makes the same metric.
        new TreeMap<>(filters).forEach((name, filter) -> made.add(filter(at + ".filters." + name, filter)));
        return made;
    }

    private static RowFilter filter(String at, FilterConfig filter) {
        List<RowFilter> tests = new ArrayList<>();
        filter.anyOf().ifPresent(values -> tests.add(new RowFilter(filter.column(), RowFilter.Test.ANY_OF, values)));
        filter.noneOf().ifPresent(values -> tests.add(new RowFilter(filter.column(), RowFilter.Test.NONE_OF, values)));
        filter.atLeast().map(List::of)
                .ifPresent(value -> tests.add(new RowFilter(filter.column(), RowFilter.Test.AT_LEAST, value)));
        filter.below().map(List::of)
                .ifPresent(value -> tests.add(new RowFilter(filter.column(), RowFilter.Test.BELOW, value)));
        if (tests.size() != 1) {
            throw fault(at, "has " + (tests.isEmpty() ? "no test" : tests.size() + " tests")
                    + ". It takes exactly one of any-of, none-of, at-least and below");
        }
        return tests.getFirst();
    }

    private static void requireName(String at, String name) {
        if (!NAME.matcher(name).matches()) {
            throw fault(at, "is no name. Use 1 to 64 of a-z, 0-9 and -");
        }
    }

    private static ConfigurationException fault(String key, String what) {
        return new ConfigurationException("Tally does not start: " + PREFIX + key + " " + what + ".");
    }
}
