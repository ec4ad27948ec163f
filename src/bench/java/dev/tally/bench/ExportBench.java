package dev.tally.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.zip.ZipFile;

/** A search that answers a million rows, in each format, by an application with little heap. */
final class ExportBench {
    private static final String MAX_HEAP = "-Xmx240m";
    private static final int SUBSCRIBERS = 1_000;
    private static final int DAYS = 1_000;

    private ExportBench() {}

    static ResultTable run(Path buildDirectory, Postgres postgres, Sizes sizes) throws Exception {
        Cdrs cdrs = Cdrs.onEachDay(SUBSCRIBERS, DAYS);
        Postgres.Database database = postgres.holding(cdrs);
        Path directory = ServerProcess.directory(buildDirectory);
        ResultTable results = new ResultTable("format", "rows", "seconds: median (range)", "size, MiB",
                "peak heap, MiB (under 256)", "peak heap after a collection, MiB", "peak resident memory, MiB");
        for (Export export : List.of(new Export("csv", "\n", 1), new Export("xlsx", "<row ", 1),
                new Export("json", ",\"date\":", 0))) {
            Path gcLog = directory.resolve("gc-" + export.format + ".log");
            Path file = directory.resolve("export." + export.format);
            Samples seconds = new Samples();
            try (ServerProcess application = ServerProcess.application(buildDirectory, database,
                    List.of(MAX_HEAP, GcLog.option(gcLog)))) {
                for (int round = 0; round < sizes.rounds(); round++) {
                    seconds.add(download(application, export.format, cdrs, file));
                    export.check(file, cdrs.count());
                }
                results.add(export.format, cdrs.count(), seconds.text(1), Files.size(file) >> 20,
                        GcLog.peakMebibytes(gcLog), GcLog.peakAfterCollectionMebibytes(gcLog),
                        application.peakResidentMebibytes());
            }
        }
        results.note("POST /api/usage/search over " + SUBSCRIBERS + " subscribers and " + DAYS + " days, with "
                + MAX_HEAP + ". The rows of each file were counted.");
        return results;
    }

    private static double download(ServerProcess application, String format, Cdrs cdrs, Path file)
            throws IOException, InterruptedException {
        String msisdns = LongStream.range(0, cdrs.subscribers())
                .mapToObj(subscriber -> "\"" + (Cdrs.FIRST_MSISDN + subscriber) + "\"")
                .collect(Collectors.joining(","));
        String body = String.format(Locale.ROOT, "{\"msisdns\":[%s],\"start_date\":\"%s\",\"end_date\":\"%s\"}",
                msisdns, Cdrs.FIRST_DAY, cdrs.lastDay());
        HttpRequest request = application.request("/api/usage/search?format=" + format)
                .header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body)).build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            long start = System.nanoTime();
            HttpResponse<Path> answer = client.send(request, HttpResponse.BodyHandlers.ofFile(file));
            if (answer.statusCode() != 200) {
                throw new IOException("The export failed with " + answer.statusCode());
            }
            return (System.nanoTime() - start) / 1e9;
        }
    }

    /**
     * A format, and how its rows are counted.
     *
     * @param mark what stands once in each row
     * @param headers how many rows come before
     */
    private record Export(String format, String mark, int headers) {
        void check(Path file, int rows) throws IOException {
            long found = 0;
            if (format.equals("xlsx")) {
                try (ZipFile zip = new ZipFile(file.toFile());
                        InputStream sheet = zip.getInputStream(zip.getEntry("xl/worksheets/sheet1.xml"))) {
                    found = count(sheet);
                }
            } else {
                try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
                    found = count(in);
                }
            }
            if (found != rows + headers) {
                throw new IOException("The " + format + " has " + (found - headers) + " rows instead of " + rows);
            }
        }

        /** How often the mark is there; its first byte is in it only once. */
        private long count(InputStream in) throws IOException {
            byte[] wanted = mark.getBytes(StandardCharsets.UTF_8);
            byte[] buffer = new byte[1 << 16];
            long found = 0;
            int matched = 0;
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                for (int i = 0; i < length; i++) {
                    if (buffer[i] == wanted[matched]) {
                        matched++;
                    } else {
                        matched = buffer[i] == wanted[0] ? 1 : 0;
                    }
                    if (matched == wanted.length) {
                        found++;
                        matched = 0;
                    }
                }
            }
            return found;
        }
    }
}
