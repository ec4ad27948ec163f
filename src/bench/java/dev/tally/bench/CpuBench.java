package dev.tally.bench;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;

/** What an answer costs in processor time, against {@link VertxPeer}, by turns; PostgreSQL's time is not counted. */
final class CpuBench {
    private static final int CLIENTS = 4;
    private static final int COMPARED_ANSWERS = 200;

    private CpuBench() {}

    static ResultTable run(Path buildDirectory, Postgres postgres, Sizes sizes) throws Exception {
        Cdrs cdrs = Cdrs.ofNinetyDays(sizes.cdrs(), DailyBench.CDRS_A_SUBSCRIBER);
        Postgres.Database database = postgres.holding(cdrs);
        Samples ofApplication = new Samples();
        Samples ofPeer = new Samples();
        Samples ratio = new Samples();
        try (ServerProcess application = ServerProcess.application(buildDirectory, database, DailyBench.OPTIONS);
                ServerProcess peer = ServerProcess.peer(buildDirectory, database, DailyBench.OPTIONS)) {
            compare(application, peer, cdrs);
            ClosedLoop.warmUp(application, cdrs);
            ClosedLoop.warmUp(peer, cdrs);
            for (int round = 0; round < sizes.rounds(); round++) {
                double application1 = requestsPerCpuSecond(application, cdrs, sizes);
                double peer1 = requestsPerCpuSecond(peer, cdrs, sizes);
                ofApplication.add(application1);
                ofPeer.add(peer1);
                ratio.add(application1 / peer1);
            }
        }
        ResultTable results = new ResultTable("server", "requests per second of processor time: median (range)");
        results.add("the application, with log-in", ofApplication.text(0));
        results.add("bare Vert.x", ofPeer.text(0));
        results.add("**application ÷ Vert.x** (at least 0.6)", "**" + ratio.text(2) + "**");
        results.note(CLIENTS + " clients; " + COMPARED_ANSWERS + " answers of both were equal to the last byte.");
        DailyBench.note(results, cdrs);
        return results;
    }

    static double requestsPerCpuSecond(ServerProcess server, Cdrs cdrs, Sizes sizes) throws Exception {
        Duration before = server.cpu();
        Latencies latencies = ClosedLoop.run(server, cdrs, CLIENTS, sizes.seconds());
        return latencies.count() / (server.cpu().minus(before).toNanos() / 1e9);
    }

    private static void compare(ServerProcess application, ServerProcess peer, Cdrs cdrs)
            throws IOException, InterruptedException {
        SplittableRandom random = new SplittableRandom(COMPARED_ANSWERS);
        try (HttpClient client = HttpClient.newHttpClient()) {
            for (int i = 0; i < COMPARED_ANSWERS; i++) {
                String path = ClosedLoop.path(cdrs, random.nextLong(cdrs.subscribers()));
                String ours = get(client, application, path);
                String theirs = get(client, peer, path);
                if (!ours.equals(theirs)) {
                    throw new IOException("The peer does not answer the same to " + path);
                }
            }
        }
    }

    private static String get(HttpClient client, ServerProcess server, String path)
            throws IOException, InterruptedException {
        return client.send(server.request(path).build(), HttpResponse.BodyHandlers.ofString()).body();
    }
}
