package dev.tally.bench;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The interactions of one customer where there are many in all and where there are few, five of each customer in both; and
 * the table of all customers by an application with little heap.
 */
final class InteractionsBench {
    private static final int EACH = 5;
    private static final int FEW = 1_000;
    private static final int MANY = 1_000_000;
    private static final String MAX_HEAP = "-Xmx240m";
    private static final List<Integer> CLIENTS = List.of(4, 1);
    /** By SQL, as imports of them would leave it. */
    private static final String FILL = """
                                       INSERT INTO interactions.import (id, state, dry_run, file_name, sha256, size_bytes, created_by,
                                                                        created_at, finished_at)
                                       VALUES (gen_random_uuid(), 'completed', false, 'bench.xlsx', '', 0, 'bench', now(), now());
                                       INSERT INTO interactions.channel (key, name)
                                       SELECT lower(name), name FROM unnest('{Bird,Boat,Call,Email,Post}'::text[]) AS name;
                                       INSERT INTO interactions.channel_source SELECT channel_id, 1, name FROM interactions.channel;
                                       INSERT INTO interactions.customer SELECT id, 'Jedi', 'Red' FROM generate_series(1, %1$d) AS id;
                                       INSERT INTO interactions.customer_source
                                       SELECT customer_id, 1, true, occupation, type FROM interactions.customer;
                                       INSERT INTO interactions.interaction
                                       SELECT id, timestamptz '2019-01-01Z' + (id * 37 + each * 100003) %% 1500000 * interval '1 minute',
                                              1 + (id + each) %% 5, 1, 1
                                         FROM generate_series(1, %2$d) AS each, generate_series(1, %1$d) AS id;
                                       UPDATE interactions.data_version SET version = 1, changed_at = now()""";

    private InteractionsBench() {}

    static ResultTable run(Path buildDirectory, Postgres postgres, Sizes sizes) throws Exception {
        Postgres.Database few = filled(postgres, FEW);
        Postgres.Database many = filled(postgres, MANY);
        ResultTable results = new ResultTable("clients", "interactions", "requests/s", "p50, ms", "p99, ms");
        try (ServerProcess onFew = ServerProcess.application(buildDirectory, few, DailyBench.OPTIONS);
                ServerProcess onMany = ServerProcess.application(buildDirectory, many, DailyBench.OPTIONS)) {
            ClosedLoop.Paths ofFew = random -> "/api/v1/interactions/" + (1 + random.nextInt(FEW));
            ClosedLoop.Paths ofMany = random -> "/api/v1/interactions/" + (1 + random.nextInt(MANY));
            ClosedLoop.warmUp(onFew, ofFew);
            ClosedLoop.warmUp(onMany, ofMany);
            for (int clients : CLIENTS) {
                DailyBench.Rounds withFew = new DailyBench.Rounds();
                DailyBench.Rounds withMany = new DailyBench.Rounds();
                for (int round = 0; round < sizes.rounds(); round++) {
                    withFew.add(ClosedLoop.run(onFew, ofFew, clients, sizes.seconds()));
                    withMany.add(ClosedLoop.run(onMany, ofMany, clients, sizes.seconds()));
                }
                withFew.row(results, clients, String.valueOf(FEW * EACH));
                withMany.row(results, clients, String.valueOf(MANY * EACH));
                withMany.ratioRow(results, clients, "**many ÷ few** (p99 at most 1.5)", withFew);
            }
        }
        tableOfAll(buildDirectory, many, results);
        return results;
    }

    private static void tableOfAll(Path buildDirectory, Postgres.Database database, ResultTable results)
            throws Exception {
        Path directory = ServerProcess.directory(buildDirectory);
        Path gcLog = directory.resolve("gc-all.log");
        try (ServerProcess application = ServerProcess.application(buildDirectory, database,
                List.of(MAX_HEAP, GcLog.option(gcLog))); HttpClient client = HttpClient.newHttpClient()) {
            for (String format : List.of("xlsx", "csv")) {
                Path file = directory.resolve("all." + format);
                long start = System.nanoTime();
                HttpResponse<Path> answer = client.send(
                        application.request("/api/v1/stats/interactions/all?format=" + format).build(),
                        HttpResponse.BodyHandlers.ofFile(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                                StandardOpenOption.TRUNCATE_EXISTING));
                if (answer.statusCode() != 200) {
                    throw new IOException("The table of all customers failed with " + answer.statusCode());
                }
                results.note(
                        String.format(Locale.ROOT, "stats/interactions/all of %,d customers as %s: %.1f s, %d MiB.",
                                MANY, format, (System.nanoTime() - start) / 1e9, Files.size(file) >> 20));
            }
        }
        try (Stream<String> lines = Files.lines(directory.resolve("all.csv"))) {
            long rows = lines.count() - 1;
            if (rows != MANY) {
                throw new IOException("The table has " + rows + " rows");
            }
        }
        results.note("Its peak heap, with " + MAX_HEAP + ", was " + GcLog.peakMebibytes(gcLog) + " MiB.");
    }

    private static Postgres.Database filled(Postgres postgres, int customers) throws SQLException {
        Postgres.Database database = postgres.fresh("interactions_" + customers);
        database.execute(FILL.formatted(customers, EACH));
        database.execute("VACUUM ANALYZE");
        database.execute("CHECKPOINT");
        return database;
    }
}
