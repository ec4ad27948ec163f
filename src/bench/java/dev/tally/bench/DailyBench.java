package dev.tally.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** What the application adds to its own SQL: the daily answer of 90 days against pgbench. */
final class DailyBench {
    /** So that most days of most subscribers have calls. */
    static final int CDRS_A_SUBSCRIBER = 200;
    static final List<String> OPTIONS = List.of("-Xmx512m");
    static final double MEDIAN = 0.5;
    static final double P99 = 0.99;
    private static final List<Integer> CLIENTS = List.of(4, 1);

    private DailyBench() {}

    static ResultTable run(Path buildDirectory, Postgres postgres, Sizes sizes) throws Exception {
        Cdrs cdrs = Cdrs.ofNinetyDays(sizes.cdrs(), CDRS_A_SUBSCRIBER);
        Postgres.Database database = postgres.holding(cdrs);
        Path directory = ServerProcess.directory(buildDirectory);
        ResultTable results = new ResultTable("clients", "asked", "requests/s", "p50, ms", "p99, ms");
        try (ServerProcess application = ServerProcess.application(buildDirectory, database, OPTIONS)) {
            ClosedLoop.warmUp(application, cdrs);
            for (int clients : CLIENTS) {
                Rounds endpoint = new Rounds();
                Rounds sql = new Rounds();
                for (int round = 0; round < sizes.rounds(); round++) {
                    endpoint.add(ClosedLoop.run(application, cdrs, clients, sizes.seconds()));
                    sql.add(Programs.ask(directory, database, cdrs, clients, sizes.seconds()));
                }
                endpoint.row(results, clients, "GET /api/usage/{msisdn}");
                sql.row(results, clients, "pgbench, the same SQL");
                endpoint.ratioRow(results, clients, "**endpoint ÷ pgbench** (p99 at most 1.5)", sql);
            }
        }
        note(results, cdrs);
        return results;
    }

    static void note(ResultTable results, Cdrs cdrs) {
        results.note(String.format(Locale.ROOT, "%,d CDRs of %,d subscribers over %d days.", cdrs.count(),
                cdrs.subscribers(), cdrs.days()));
    }

    /** The latencies of several rounds. */
    static final class Rounds {
        private final Samples perSecond = new Samples();
        private final Samples median = new Samples();
        private final Samples p99 = new Samples();

        void add(Latencies latencies) {
            perSecond.add(latencies.perSecond());
            median.add(latencies.millisAt(MEDIAN));
            p99.add(latencies.millisAt(P99));
        }

        void row(ResultTable results, int clients, String what) {
            results.add(clients, what, perSecond.text(0), median.text(2), p99.text(2));
        }

        void ratioRow(ResultTable results, int clients, String what, Rounds other) {
            results.add(clients, what, ratio(perSecond, other.perSecond), ratio(median, other.median),
                    "**" + ratio(p99, other.p99) + "**");
        }

        private static String ratio(Samples a, Samples b) {
            return String.format(Locale.ROOT, "%.2f", a.median() / b.median());
        }
    }
}
