package dev.tally.analytics;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import jakarta.enterprise.context.ApplicationScoped;

import io.quarkus.runtime.Startup;

/** The metrics that there are. One that cannot be is found at the start, which then fails with a sentence that names the key. */
@ApplicationScoped
@Startup
class Catalogue {
    /** Addresses that clients of a predecessor know; these come first. */
    private static final Map<String, String> OWN_PATHS = ownPaths();

    private final Map<String, Metric> metrics = new LinkedHashMap<>();

    Catalogue(AnalyticsConfig config) {
        DefinitionReader reader = new DefinitionReader(config);
        Map<String, Dataset> datasets = new TreeMap<>();
        config.datasets().forEach((name, dataset) -> datasets.put(name, reader.dataset(name, dataset)));
        List<Metric> all = new ArrayList<>();
        config.metrics().forEach((name, metric) -> all.add(reader.metric(name, metric, datasets)));
        all.sort(Comparator.comparingInt(Catalogue::rank).thenComparing(Metric::name));
        all.forEach(metric -> metrics.put(metric.name(), metric));
    }

    private static Map<String, String> ownPaths() {
        Map<String, String> paths = new LinkedHashMap<>();
        paths.put("claims-stats", "/claims/stats");
        paths.put("payments-avg", "/payments/avg");
        paths.put("audits-top-services", "/audits/top-services");
        return paths;
    }

    private static int rank(Metric metric) {
        int rank = List.copyOf(OWN_PATHS.keySet()).indexOf(metric.name());
        return rank < 0 ? OWN_PATHS.size() : rank;
    }

    /** The three of the predecessor first, the others by name. */
    List<Metric> metrics() {
        return List.copyOf(metrics.values());
    }

    Optional<Metric> find(String name) {
        return Optional.ofNullable(metrics.get(name));
    }

    /** Where a metric is answered. */
    static String pathOf(Metric metric) {
        return OWN_PATHS.getOrDefault(metric.name(), "/analytics/" + metric.name());
    }
}
