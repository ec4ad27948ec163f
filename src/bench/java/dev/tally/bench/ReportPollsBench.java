package dev.tally.bench;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

import com.fasterxml.jackson.databind.JsonNode;

import dev.tally.local.GcoreStandIn;

/** Ten thousand open reports: how often Gcore is asked, how late, and what it costs the database. */
final class ReportPollsBench {
    private static final LocalDate FIRST_DAY = LocalDate.of(2000, 1, 1);
    private static final int DAYS = 9_000;
    private static final int INTERVAL_SECONDS = 10;
    private static final int CLIENTS = 16;
    private static final Duration NEVER = Duration.ofDays(1);

    private ReportPollsBench() {}

    static ResultTable run(Path buildDirectory, Postgres postgres, Sizes sizes) throws Exception {
        Postgres.Database database = postgres.fresh("report_polls");
        try (GcoreStandIn gcore = new GcoreStandIn(Clock.systemUTC(), NEVER)) {
            Map<String, String> environment = new HashMap<>(ReportsGcore.environment(gcore));
            environment.putAll(Map.of("REPORT_POLL_INTERVAL", String.valueOf(INTERVAL_SECONDS), "REPORT_POLL_TIMEOUT",
                    "86400"));
            try (ServerProcess application = ServerProcess.launch(Packaging.FAST_JAR, buildDirectory, database,
                    List.of(),
                    environment, "report-polls")) {
                application.awaitHealth();
                order(application, sizes.openReports());
                awaitStarted(gcore, sizes.openReports());
                return measure(application, gcore, database, sizes);
            }
        }
    }

    private static void order(ServerProcess application, int count) throws Exception {
        List<Callable<Integer>> orders = new ArrayList<>();
        Semaphore room = new Semaphore(CLIENTS);
        try (HttpClient client = HttpClient.newHttpClient();
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int number = 0; number < count; number++) {
                LocalDate start = FIRST_DAY.plusDays(number % DAYS);
                HttpRequest request = application.request("/reports/cdn").header("Content-Type", "application/json")
                        .header("Prefer", "respond-async")
                        .POST(HttpRequest.BodyPublishers.ofString("{\"gcore_user_id\":\"829449\",\"start_date\":\""
                                + start + "\",\"end_date\":\"" + start.plusDays(number / DAYS) + "\"}"))
                        .build();
                orders.add(() -> {
                    room.acquire();
                    try {
                        return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
                    } finally {
                        room.release();
                    }
                });
            }
            for (Future<Integer> answer : clients.invokeAll(orders)) {
                if (answer.get() != 202) {
                    throw new IOException("An order was answered with " + answer.get());
                }
            }
        }
    }

    private static void awaitStarted(GcoreStandIn gcore, int count) throws InterruptedException {
        while (gcore.journal().path("reports").size() < count) {
            Thread.sleep(1_000);
        }
        // Until each was asked about once at least.
        Thread.sleep(2_000L * INTERVAL_SECONDS);
    }

    private static ResultTable measure(ServerProcess application, GcoreStandIn gcore, Postgres.Database database,
            Sizes sizes) throws Exception {
        Duration cpuBefore = application.cpu();
        long transactionsBefore = transactions(database);
        long begin = System.nanoTime();
        Thread.sleep(Duration.ofSeconds(6L * INTERVAL_SECONDS));
        double seconds = (System.nanoTime() - begin) / 1e9;
        long transactions = transactions(database) - transactionsBefore;
        double cpu = application.cpu().minus(cpuBefore).toMillis() / 1e3 / seconds;
        Instant now = Instant.now();
        long asked = 0;
        long fewest = 0;
        long minGap = Long.MAX_VALUE;
        for (JsonNode report : gcore.journal().path("reports")) {
            asked += report.path("status_requests").asLong();
            // The first is allowed an interval after the start, and then one after each interval.
            fewest += Duration.between(Instant.parse(report.path("created_at").asText()), now).toSeconds()
                    / INTERVAL_SECONDS;
            minGap = Math.min(minGap, report.path("min_gap_millis").asLong(Long.MAX_VALUE));
        }
        ResultTable results = new ResultTable("", "seen");
        results.add("open reports", sizes.openReports());
        results.add("requests for a state since the first start", asked);
        results.add("as many as the interval of " + INTERVAL_SECONDS + " s allows", fewest);
        results.add("**asked ÷ allowed** (at most 1.05)", "**" + "%.3f".formatted((double) asked / fewest) + "**");
        results.add("shortest time between two about the same report, ms", minGap);
        results.add("transactions of the database a second", "%.1f".formatted(transactions / seconds));
        results.add("processors used by the application", "%.2f".formatted(cpu));
        return results;
    }

    private static long transactions(Postgres.Database database) throws Exception {
        return Long.parseLong(database.query("SELECT xact_commit + xact_rollback FROM pg_stat_database"
                + " WHERE datname = current_database()"));
    }
}
