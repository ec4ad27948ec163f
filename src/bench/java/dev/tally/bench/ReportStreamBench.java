package dev.tally.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.tally.local.GcoreStandIn;

/** A report of a million rows: fetched from Gcore, kept, and streamed to a client, by an application with little heap. */
final class ReportStreamBench {
    private static final String MAX_HEAP = "-Xmx240m";
    private static final Duration REPORT_TIME = Duration.ofMillis(500);

    private ReportStreamBench() {}

    static ResultTable run(Path buildDirectory, Postgres postgres, Sizes sizes) throws Exception {
        Postgres.Database database = postgres.fresh("report_stream");
        Path gcLog = ServerProcess.directory(buildDirectory).resolve("gc-reports.log");
        try (GcoreStandIn gcore = new GcoreStandIn(Clock.systemUTC(), REPORT_TIME)) {
            gcore.steer("{\"options\":{\"rows\":" + sizes.reportRows() + "}}");
            Map<String, String> environment = new HashMap<>(ReportsGcore.environment(gcore));
            environment.put("REPORT_POLL_INTERVAL", "1");
            try (ServerProcess application = ServerProcess.launch(Packaging.FAST_JAR, buildDirectory, database,
                    List.of(MAX_HEAP, GcLog.option(gcLog)), environment, "report-stream")) {
                application.awaitHealth();
                return measure(application, database, sizes, gcLog);
            }
        }
    }

    private static ResultTable measure(ServerProcess application, Postgres.Database database, Sizes sizes, Path gcLog)
            throws Exception {
        long begin = System.nanoTime();
        String location = order(application);
        double ready = (System.nanoTime() - begin) / 1e9;
        Samples first = new Samples();
        Samples rate = new Samples();
        Samples workbook = new Samples();
        for (int round = -1; round < sizes.rounds(); round++) {
            Download csv = download(application, location + "?format=csv");
            long rows = csv.lines - 1;
            if (rows != sizes.reportRows()) {
                throw new IOException("The report has " + rows + " rows");
            }
            if (round >= 0) {
                first.add(csv.firstMillis);
                rate.add(rows / csv.seconds);
                workbook.add(download(application, location + "?format=xlsx").seconds);
            }
        }
        ResultTable results = new ResultTable("", "seen: median (range)");
        results.add("ordered, fetched, kept and answered, s", "%.1f".formatted(ready));
        results.add("**first byte of the CSV, ms** (under 200)", "**" + first.text(1) + "**");
        results.add("**CSV, rows/s** (at least 100,000)", "**" + rate.text(0) + "**");
        results.add("XLSX, s", workbook.text(1));
        results.add("peak heap, MiB (under 256)", GcLog.peakMebibytes(gcLog));
        results.note(sizes.reportRows() + " rows of 7 columns, with " + MAX_HEAP + "; PostgreSQL keeps them in "
                + database.query("SELECT pg_size_pretty(sum(packed_bytes)) FROM reports.part") + ".");
        return results;
    }

    private static String order(ServerProcess application) throws IOException, InterruptedException {
        HttpRequest request = application.request("/reports/cloud").header("Content-Type", "application/json")
                .header("Prefer", "wait=300").POST(HttpRequest.BodyPublishers.ofString(
                        "{\"gcore_user_id\":\"829449\",\"start_date\":\"2025-09-01\",\"end_date\":\"2025-09-24\"}"))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<InputStream> answer = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream body = answer.body()) {
                if (answer.statusCode() != 200) {
                    throw new IOException(new String(body.readAllBytes(), StandardCharsets.UTF_8));
                }
                body.skip(Long.MAX_VALUE);
            }
            return answer.headers().firstValue("Content-Location").orElseThrow();
        }
    }

    private record Download(double firstMillis, double seconds, long lines) {}

    private static Download download(ServerProcess application, String path) throws IOException, InterruptedException {
        byte[] buffer = new byte[1 << 16];
        try (HttpClient client = HttpClient.newHttpClient()) {
            long begin = System.nanoTime();
            HttpResponse<InputStream> answer = client.send(application.request(path).build(),
                    HttpResponse.BodyHandlers.ofInputStream());
            long lines = 0;
            try (InputStream body = answer.body()) {
                int count = body.read(buffer);
                double first = (System.nanoTime() - begin) / 1e6;
                for (; count >= 0; count = body.read(buffer)) {
                    for (int i = 0; i < count; i++) {
                        lines += buffer[i] == '\n' ? 1 : 0;
                    }
                }
                return new Download(first, (System.nanoTime() - begin) / 1e9, lines);
            }
        }
    }
}
