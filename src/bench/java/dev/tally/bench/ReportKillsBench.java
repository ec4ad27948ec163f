package dev.tally.bench;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;

import com.fasterxml.jackson.databind.JsonNode;

import dev.tally.local.GcoreStandIn;

/** Kills one of two replicas again and again while reports are ordered, and counts what was lost or started twice. */
final class ReportKillsBench {
    private static final int REPLICAS = 2;
    private static final int MIN_LIFE_MILLIS = 100;
    private static final int MAX_LIFE_MILLIS = 1_500;
    private static final int BETWEEN_ORDERS_MILLIS = 15;
    private static final Duration REPORT_TIME = Duration.ofMillis(1_500);
    private static final Duration END = Duration.ofMinutes(5);
    private static final LocalDate FIRST_DAY = LocalDate.of(2000, 1, 1);
    private static final int DAYS = 9_000;

    private final Path buildDirectory;
    private final Postgres.Database database;
    private final Map<String, String> environment;
    private final AtomicReferenceArray<ServerProcess> replicas = new AtomicReferenceArray<>(REPLICAS);
    private final AtomicInteger orders = new AtomicInteger();
    private final Queue<String> accepted = new ConcurrentLinkedQueue<>();
    private volatile boolean ordering = true;

    private ReportKillsBench(Path buildDirectory, Postgres.Database database, GcoreStandIn gcore) {
        this.buildDirectory = buildDirectory;
        this.database = database;
        this.environment = new HashMap<>(ReportsGcore.environment(gcore));
        environment.putAll(Map.of("REPORT_POLL_INTERVAL", "1", "REQUEST_TIMEOUT", "2", "REPORT_POLL_TIMEOUT", "600",
                "TALLY_REPORTS_WORK_LEASE_SECONDS", "3", "TALLY_REPORTS_WORK_SETTLE_SECONDS", "6"));
    }

    static ResultTable run(Path buildDirectory, Postgres postgres, Sizes sizes) throws Exception {
        Postgres.Database database = postgres.fresh("report_kills");
        try (GcoreStandIn gcore = new GcoreStandIn(Clock.systemUTC(), REPORT_TIME)) {
            // Each start takes a moment, so that kills hit between Gcore's doing and our hearing of it.
            gcore.steer("{\"faults\":[{\"operation\":\"start\",\"kind\":\"DELAY\",\"millis\":40,\"times\":0}]}");
            return new ReportKillsBench(buildDirectory, database, gcore).kill(gcore, sizes.kills());
        }
    }

    private ResultTable kill(GcoreStandIn gcore, int kills) throws Exception {
        for (int i = 0; i < REPLICAS; i++) {
            replicas.set(i, start(i));
        }
        Thread client = Thread.ofVirtual().start(this::order);
        Random random = new Random(kills);
        for (int kill = 0; kill < kills; kill++) {
            Thread.sleep(random.nextInt(MIN_LIFE_MILLIS, MAX_LIFE_MILLIS));
            int victim = random.nextInt(REPLICAS);
            replicas.get(victim).kill();
            replicas.set(victim, start(victim));
        }
        ordering = false;
        client.join();
        awaitEnd();
        for (int i = 0; i < REPLICAS; i++) {
            replicas.get(i).close();
        }
        return results(gcore, kills);
    }

    private ServerProcess start(int number) throws IOException, InterruptedException {
        ServerProcess replica = ServerProcess.launch(ReportsGcore.packaging(buildDirectory), buildDirectory, database,
                List.of(), environment, "replica-" + number);
        replica.awaitHealth();
        return replica;
    }

    /** Orders one report after the other, each of other days, of whichever replica answers. */
    private void order() {
        try (HttpClient client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build()) {
            while (ordering) {
                int number = orders.getAndIncrement();
                order(client, number);
                Thread.sleep(BETWEEN_ORDERS_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void order(HttpClient client, int number) throws InterruptedException {
        LocalDate start = FIRST_DAY.plusDays(number % DAYS);
        LocalDate end = start.plusDays(number / DAYS);
        HttpRequest request = replicas.get(number % REPLICAS).request("/reports/cloud")
                .header("Content-Type", "application/json").header("Prefer", "respond-async")
                .timeout(Duration.ofSeconds(10))
                .POST(HttpRequest.BodyPublishers.ofString("{\"gcore_user_id\":\"829449\",\"start_date\":\"" + start
                        + "\",\"end_date\":\"" + end + "\"}"))
                .build();
        try {
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() == 202) {
                accepted.add(answer.headers().firstValue("Location").orElseThrow());
            }
        } catch (IOException e) {
            // The replica died: nobody was promised anything.
        }
    }

    private void awaitEnd() throws Exception {
        long deadline = System.nanoTime() + END.toNanos();
        while (!database.query("SELECT count(*) FROM reports.job WHERE ended_at IS NULL").equals("0")
                && System.nanoTime() < deadline) {
            Thread.sleep(500);
        }
    }

    private ResultTable results(GcoreStandIn gcore, int kills) throws Exception {
        List<String> lost = new ArrayList<>();
        for (String location : accepted) {
            String uuid = location.substring(location.lastIndexOf('/') + 1);
            if (!database.query("SELECT status FROM reports.job WHERE id = '" + uuid + "'").equals("completed")) {
                lost.add(uuid);
            }
        }
        Map<String, Integer> starts = new HashMap<>();
        for (JsonNode report : gcore.journal().path("reports")) {
            starts.merge(report.path("parameters").toString(), 1, Integer::sum);
        }
        long twice = starts.values().stream().filter(count -> count > 1).count();
        String uncertain = database.query("SELECT sum(claim) FROM reports.part");
        ResultTable results = new ResultTable("", "count");
        results.add("kills", kills);
        results.add("reports ordered and accepted", accepted.size());
        results.add("reports of jobs", database.query("SELECT count(*) FROM reports.job"));
        results.add("**lost** (0)", "**" + lost.size() + "**");
        results.add("**started twice at Gcore** (0)", "**" + twice + "**");
        results.note(
                "Two replicas (" + ReportsGcore.packaging(buildDirectory).words() + "), of which one is killed (-9) "
                        + "every 0.1 to 1.5 s while a report is ordered every " + BETWEEN_ORDERS_MILLIS
                        + " ms; each start takes the stand-in 40 ms. Parts were claimed " + uncertain + " times."
                        + (lost.isEmpty() ? "" : " Lost: " + lost));
        return results;
    }
}
