package dev.tally.bench;

import java.nio.file.Path;
import java.util.List;

/**
 * The same daily answer with many CDRs and with few. A subscriber has as many calls here as there, over the same days;
 * there are more subscribers. The CDRs were loaded a day at a time, so that a subscriber's days do not lie side by side.
 */
final class GrowthBench {
    private static final List<Integer> CLIENTS = List.of(4, 1);

    private GrowthBench() {}

    static ResultTable run(Path buildDirectory, Postgres postgres, Sizes sizes) throws Exception {
        Cdrs few = Cdrs.ofNinetyDays(sizes.smallCdrs(), DailyBench.CDRS_A_SUBSCRIBER);
        Cdrs many = Cdrs.ofNinetyDays(sizes.largeCdrs(), DailyBench.CDRS_A_SUBSCRIBER);
        Postgres.Database small = postgres.holding(few);
        Postgres.Database large = postgres.holding(many);
        // "Warm" is with the roll-up in memory, which requests chosen at random would take long to bring about.
        for (String relation : List.of("usage_day", "usage_day_pkey", "subscriber", "subscriber_pkey")) {
            large.execute("CREATE EXTENSION IF NOT EXISTS pg_prewarm");
            large.query("SELECT pg_prewarm('cdr_data." + relation + "')");
        }
        ResultTable results = new ResultTable("clients", "CDRs", "requests/s", "p50, ms", "p99, ms");
        try (ServerProcess onSmall = ServerProcess.application(buildDirectory, small, DailyBench.OPTIONS);
                ServerProcess onLarge = ServerProcess.application(buildDirectory, large, DailyBench.OPTIONS)) {
            ClosedLoop.warmUp(onSmall, few);
            ClosedLoop.warmUp(onLarge, many);
            for (int clients : CLIENTS) {
                DailyBench.Rounds withFew = new DailyBench.Rounds();
                DailyBench.Rounds withMany = new DailyBench.Rounds();
                for (int round = 0; round < sizes.rounds(); round++) {
                    withFew.add(ClosedLoop.run(onSmall, few, clients, sizes.seconds()));
                    withMany.add(ClosedLoop.run(onLarge, many, clients, sizes.seconds()));
                }
                withFew.row(results, clients, String.valueOf(few.count()));
                withMany.row(results, clients, String.valueOf(many.count()));
                withMany.ratioRow(results, clients, "**many ÷ few** (p99 at most 1.5)", withFew);
            }
        }
        DailyBench.note(results, few);
        DailyBench.note(results, many);
        return results;
    }
}
