package dev.tally.bench;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Figures of the packaged application over objects in S3: how much memory they take, and how fast they are once known. */
final class FiguresBench {
    private static final int SMALL_MEGABYTES = 100;
    private static final int LARGE_MEGABYTES = 10_000;
    private static final int REPEATED = 10;
    private static final String KEY = "/bench/cassandra/reclamos/reclamos.csv";
    private static final String PATH = "/claims/stats";
    private static final String LIVE = "/q/health/live";
    private static final List<String> OPTIONS = List.of("-Xmx128m");
    private static final List<Integer> CLIENTS = List.of(1, 4);
    private static final int UNAVAILABLE = 503;

    private FiguresBench() {}

    /**
     * Peak memory of processes that have read 10 GB once, 100 MB once, and 100 MB some times: the first of the small ones
     * ends before its heap has grown to what any work needs.
     */
    static ResultTable memory(Path buildDirectory, Postgres postgres, Sizes sizes) throws Exception {
        Postgres.Database database = postgres.fresh("figures_memory");
        ResultTable results = new ResultTable("peak resident, MiB", "100 MB once", "100 MB " + REPEATED + " times",
                "10 GB once", "**10 GB ÷ 100 MB " + REPEATED + " times** (at most 1.05)", "10 GB ÷ 100 MB once",
                "10 GB, GB/s");
        for (Packaging packaging : packagings(buildDirectory)) {
            Samples once = new Samples();
            Samples often = new Samples();
            Samples large = new Samples();
            Samples rate = new Samples();
            for (int round = 0; round < sizes.rounds(); round++) {
                once.add(peak(packaging, buildDirectory, database, SMALL_MEGABYTES, 1, new Samples()));
                often.add(peak(packaging, buildDirectory, database, SMALL_MEGABYTES, REPEATED, new Samples()));
                large.add(peak(packaging, buildDirectory, database, LARGE_MEGABYTES, 1, rate));
            }
            results.add(packaging.words(), once.text(0), often.text(0), large.text(0),
                    String.format(Locale.ROOT, "**%.2f**", large.median() / often.median()),
                    String.format(Locale.ROOT, "%.2f", large.median() / once.median()), rate.text(2));
        }
        results.note(
                "Started with " + String.join(" ", OPTIONS) + "; parts of 4 MiB. The objects come from a server that"
                        + " makes them up and shares the two processors.");
        return results;
    }

    private static List<Packaging> packagings(Path buildDirectory) throws IOException {
        List<Packaging> there = new ArrayList<>(List.of(Packaging.FAST_JAR));
        try (var files = Files.list(buildDirectory)) {
            if (files.anyMatch(file -> file.toString().endsWith("-runner"))) {
                there.add(Packaging.NATIVE);
            }
        }
        return there;
    }

    private static double peak(Packaging packaging, Path buildDirectory, Postgres.Database database, long megabytes,
            int times, Samples rate) throws Exception {
        try (GeneratedObjects objects = new GeneratedObjects(Map.of(KEY, megabytes * 1_000_000));
                ServerProcess application = launch(packaging, buildDirectory, database, objects,
                        Map.of("TALLY_ANALYTICS_REVALIDATE_SECONDS", "0"))) {
            application.awaitHealth();
            for (int i = 0; i < times; i++) {
                objects.change();
                long begin = System.nanoTime();
                ask(application);
                rate.add(megabytes * 1e6 / (System.nanoTime() - begin));
            }
            return application.peakResidentMebibytes();
        }
    }

    private static ServerProcess launch(Packaging packaging, Path buildDirectory, Postgres.Database database,
            GeneratedObjects objects, Map<String, String> more) throws IOException {
        Map<String, String> environment = new HashMap<>(more);
        environment.putAll(Map.of("S3_ENDPOINT", objects.url(), "S3_PATH_STYLE", "true", "S3_BUCKET", "bench",
                "AWS_ACCESS_KEY_ID", "anybody", "AWS_SECRET_ACCESS_KEY", "of the bench"));
        return ServerProcess.launch(packaging, buildDirectory, database, OPTIONS, environment, "figures");
    }

    /** Until they are there: the first answers may be that they are not yet. */
    private static void ask(ServerProcess application) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(application.request(PATH).build(),
                    HttpResponse.BodyHandlers.ofString());
            while (answer.statusCode() == UNAVAILABLE) {
                answer = client.send(application.request(PATH).build(), HttpResponse.BodyHandlers.ofString());
            }
            if (answer.statusCode() != 200 || !answer.body().contains("\"aprobado\"")) {
                throw new IOException(answer.body());
            }
        }
    }

    /** Figures that are known, against the health of the process. */
    static ResultTable cached(Path buildDirectory, Postgres postgres, Sizes sizes) throws Exception {
        Postgres.Database database = postgres.fresh("figures_cached");
        ResultTable results = new ResultTable("clients", "asked", "requests/s", "p50, ms", "p99, ms");
        try (GeneratedObjects objects = new GeneratedObjects(Map.of(KEY, SMALL_MEGABYTES * 1_000_000L));
                ServerProcess application = launch(Packaging.FAST_JAR, buildDirectory, database, objects,
                        Map.of())) {
            application.awaitHealth();
            ask(application);
            ClosedLoop.warmUp(application, _ -> PATH);
            ClosedLoop.warmUp(application, _ -> LIVE);
            for (int clients : CLIENTS) {
                DailyBench.Rounds figures = new DailyBench.Rounds();
                DailyBench.Rounds live = new DailyBench.Rounds();
                for (int round = 0; round < sizes.rounds(); round++) {
                    figures.add(ClosedLoop.run(application, _ -> PATH, clients, sizes.seconds()));
                    live.add(ClosedLoop.run(application, _ -> LIVE, clients, sizes.seconds()));
                }
                figures.row(results, clients, "GET " + PATH);
                live.row(results, clients, "GET " + LIVE);
                figures.ratioRow(results, clients, "**figures ÷ health** (p99 under 2)", live);
            }
        }
        results.note("The figures are asked for with log-in; the object is looked at anew every 10 s.");
        return results;
    }
}
