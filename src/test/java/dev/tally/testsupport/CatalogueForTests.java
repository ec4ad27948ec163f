package dev.tally.testsupport;

import java.util.HashMap;
import java.util.Map;

import dev.tally.local.SampleFiles;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;

/** What the tests add to the catalogue of figures. Their objects are in the bucket of the samples. */
public final class CatalogueForTests implements QuarkusTestResourceLifecycleManager {
    private static final String DATASETS = "tally.analytics.datasets.";
    private static final String METRICS = "tally.analytics.metrics.";

    @Override
    public Map<String, String> start() {
        Map<String, String> all = new HashMap<>();
        // So that a test need not wait long until a change is seen.
        all.put("tally.analytics.revalidate-seconds", "1");
        all.put("tally.analytics.failure-seconds", "1");
        dataset(all, "sales", Map.of("key", "tests/sales/", "delimiter", "semicolon", "decimal", "comma"));
        metric(all, "sales-by-shop", "sales", Map.of("measure", "sum", "column", "monto", "group-by", "tienda"));
        metric(all, "sales-mean", "sales", Map.of("measure", "avg", "column", "monto", "decimals", "2"));
        metric(all, "sales-shops", "sales", Map.of("measure", "distinct", "column", "tienda"));
        metric(all, "sales-since-march", "sales", Map.of("measure", "count", "group-by", "tienda",
                "filters.since.column", "fecha", "filters.since.at-least", "2025-03"));
        dataset(all, "changing", Map.of("key", "tests/changing.csv"));
        metric(all, "changing", "changing", Map.of("measure", "count", "group-by", "estado"));
        dataset(all, "no-object", Map.of("key", "tests/nothing.csv"));
        metric(all, "of-no-object", "no-object", Map.of("measure", "count"));
        dataset(all, "no-bucket", Map.of("key", "a.csv", "bucket", "no-such-bucket"));
        metric(all, "of-no-bucket", "no-bucket", Map.of("measure", "count"));
        metric(all, "of-no-column", "claims", Map.of("measure", "count", "group-by", "nothing"));
        dataset(all, "broken", Map.of("key", "tests/broken.csv.gz"));
        metric(all, "of-broken", "broken", Map.of("measure", "count", "group-by", "g"));
        addThoseOfClickHouse(all);
        return all;
    }

    private static void addThoseOfClickHouse(Map<String, String> all) {
        dataset(all, "claims-there", Map.of("key", SampleFiles.CLAIMS, "engine", "clickhouse"));
        metric(all, "claims-by-clickhouse", "claims-there", Map.of("measure", "count", "group-by", "estado"));
        dataset(all, "payments-there", Map.of("key", SampleFiles.PAYMENTS, "engine", "clickhouse"));
        metric(all, "payments-by-clickhouse", "payments-there", Map.of("measure", "avg", "column", "monto"));
        dataset(all, "broken-there", Map.of("key", "tests/broken.csv.gz", "engine", "clickhouse"));
        metric(all, "of-broken-by-clickhouse", "broken-there", Map.of("measure", "count", "group-by", "g"));
        dataset(all, "audits-there",
                Map.of("key", SampleFiles.AUDITS, "engine", "clickhouse", "aliases.servicio", "service_name"));
        metric(all, "audits-by-clickhouse", "audits-there",
                Map.of("measure", "count", "group-by", "servicio", "top", "5"));
    }

    private static void dataset(Map<String, String> all, String name, Map<String, String> settings) {
        settings.forEach((key, value) -> all.put(DATASETS + name + "." + key, value));
    }

    private static void metric(Map<String, String> all, String name, String dataset, Map<String, String> settings) {
        all.put(METRICS + name + ".dataset", dataset);
        settings.forEach((key, value) -> all.put(METRICS + name + "." + key, value));
    }

    @Override
    public void stop() {
        // Nothing was started.
    }
}
