package dev.tally.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** How many requests at once the binary is good for: what an autoscaler that counts them has to be told. */
final class ConcurrencyBench {
    private static final List<Integer> CLIENTS = List.of(1, 2, 4, 8, 16, 28, 40, 80, 160);

    private ConcurrencyBench() {}

    static ResultTable run(Path buildDirectory, Postgres postgres, Sizes sizes) throws Exception {
        Cdrs cdrs = Cdrs.ofNinetyDays(sizes.cdrs(), DailyBench.CDRS_A_SUBSCRIBER);
        Postgres.Database database = postgres.holding(cdrs);
        Map<Integer, Samples> perSecond = new TreeMap<>();
        Map<Integer, Samples> median = new TreeMap<>();
        Map<Integer, Samples> p99 = new TreeMap<>();
        try (ServerProcess binary = ServerProcess.application(Packaging.NATIVE, buildDirectory, database, List.of())) {
            ClosedLoop.warmUp(binary, cdrs);
            for (int round = 0; round < sizes.rounds(); round++) {
                for (int clients : CLIENTS) {
                    Latencies latencies = ClosedLoop.run(binary, cdrs, clients, sizes.seconds());
                    perSecond.computeIfAbsent(clients, _ -> new Samples()).add(latencies.perSecond());
                    median.computeIfAbsent(clients, _ -> new Samples()).add(latencies.millisAt(DailyBench.MEDIAN));
                    p99.computeIfAbsent(clients, _ -> new Samples()).add(latencies.millisAt(DailyBench.P99));
                }
            }
        }
        double most = perSecond.values().stream().mapToDouble(Samples::median).max().orElseThrow();
        ResultTable results = new ResultTable("clients", "requests/s", "÷ most", "p50, ms", "p99, ms");
        perSecond.forEach((clients, rate) -> results.add(clients, rate.text(0),
                String.format(Locale.ROOT, "**%.2f**", rate.median() / most),
                Objects.requireNonNull(median.get(clients)).text(2), Objects.requireNonNull(p99.get(clients)).text(2)));
        DailyBench.note(results, cdrs);
        return results;
    }
}
