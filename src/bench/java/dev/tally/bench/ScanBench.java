package dev.tally.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import dev.tally.analytics.FileScan;
import dev.tally.local.ClickHouseLibrary;
import dev.tally.local.LocalClickHouse;

/**
 * Counts the rows of a file by a column: the scanner of the embedded engine, FastCSV, DuckDB and ClickHouse, by turns, with
 * the file in the system's cache. All with one thread, and the scanner with two as well.
 */
final class ScanBench {
    private static final int WARM_UP_ROUNDS = 2;
    private static final int MIN_ROUNDS = 10;
    private static final String OURS = "Tally";
    private static final String OURS_TWICE = "Tally, two threads";
    private static final String FAST_CSV = "FastCSV";
    private static final String DUCK_DB = "DuckDB, threads=1";
    private static final String CLICK_HOUSE = "ClickHouse, max_threads=1";

    private ScanBench() {}

    /** The seconds of each that is measured. */
    private static final class Timings {
        private final Map<String, Samples> seconds = new HashMap<>();

        Samples of(String name) {
            return seconds.computeIfAbsent(name, _ -> new Samples());
        }
    }

    /** Counts, and gives the counts. */
    @FunctionalInterface
    private interface Counter {
        Map<String, Long> count(Path file) throws Exception;
    }

    static ResultTable run(Path buildDirectory, Postgres unused, Sizes sizes) throws Exception {
        Path directory = ServerProcess.directory(buildDirectory).toAbsolutePath();
        long bytes = sizes.scanMegabytes() * 1_000_000L;
        Path plain = AuditFiles.write(directory, "audits", bytes, 0);
        Path quoted = AuditFiles.write(directory, "audits-quoted", bytes, 1);
        ResultTable results = new ResultTable("GB/s: median (range)", "no field quoted",
                "a fifth of the fields quoted");
        try (LocalClickHouse clickHouse = clickHouse(directory);
                Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
                HttpClient client = HttpClient.newHttpClient()) {
            Map<String, Counter> counters = new LinkedHashMap<>();
            counters.put(OURS, file -> FileScan.count(file, AuditFiles.COLUMN, 1));
            counters.put(OURS_TWICE, file -> FileScan.count(file, AuditFiles.COLUMN, 2));
            counters.put(FAST_CSV, ScanBench::countByFastCsv);
            counters.put(DUCK_DB, file -> countByDuckDb(duckDb, file));
            counters.put(CLICK_HOUSE, file -> countByClickHouse(client, clickHouse, file));
            Timings seconds = measure(counters, plain, sizes);
            Timings quotedSeconds = measure(counters, quoted, sizes);
            double gigabytes = plain.toFile().length() / 1e9;
            double quotedGigabytes = quoted.toFile().length() / 1e9;
            for (String name : counters.keySet()) {
                results.add(name, rate(seconds, name, gigabytes), rate(quotedSeconds, name, quotedGigabytes));
            }
            addRatio(results, "Tally ÷ FastCSV (at least 3)", FAST_CSV, OURS, seconds, quotedSeconds);
            addRatio(results, "Tally ÷ DuckDB (at least 1)", DUCK_DB, OURS, seconds, quotedSeconds);
            addRatio(results, "Tally ÷ ClickHouse (at least 2)", CLICK_HOUSE, OURS, seconds, quotedSeconds);
            addRatio(results, "two threads ÷ one (at least 1.8)", OURS, OURS_TWICE, seconds, quotedSeconds);
        }
        results.note("Targets with one thread: 1.0 GB/s, and 0.6 with quoted fields. Files of " + sizes.scanMegabytes()
                + " MB; counts by " + AuditFiles.COLUMN + " are the same with all.");
        return results;
    }

    static LocalClickHouse clickHouse(Path directory) throws IOException {
        ClickHouseLibrary.Search search = ClickHouseLibrary.ofUser().find();
        return LocalClickHouse.start(search.library().orElseThrow(() -> new IOException(search.reason())),
                directory.resolve("clickhouse"), Optional.empty());
    }

    private static Timings measure(Map<String, Counter> counters, Path file, Sizes sizes)
            throws Exception {
        Timings seconds = new Timings();
        Map<String, Long> expected = countByFastCsv(file);
        for (int round = -WARM_UP_ROUNDS; round < Math.max(MIN_ROUNDS, sizes.rounds()); round++) {
            for (Map.Entry<String, Counter> each : counters.entrySet()) {
                long begin = System.nanoTime();
                Map<String, Long> counts = each.getValue().count(file);
                double took = (System.nanoTime() - begin) / 1e9;
                if (!counts.equals(expected)) {
                    throw new IllegalStateException(each.getKey() + " counted " + counts + ", not " + expected);
                }
                if (round >= 0) {
                    seconds.of(each.getKey()).add(took);
                }
            }
        }
        return seconds;
    }

    private static String rate(Timings seconds, String name, double gigabytes) {
        return seconds.of(name).rate(gigabytes).text(2);
    }

    private static void addRatio(ResultTable results, String words, String slower, String faster,
            Timings seconds, Timings quotedSeconds) {
        results.add("**" + words + "**", ratio(seconds, slower, faster), ratio(quotedSeconds, slower, faster));
    }

    private static String ratio(Timings seconds, String slower, String faster) {
        return "**%.2f**".formatted(seconds.of(slower).median() / seconds.of(faster).median());
    }

    private static Map<String, Long> countByFastCsv(Path file) throws IOException {
        Map<String, long[]> counts = new HashMap<>();
        try (CsvReader<CsvRecord> reader = CsvReader.builder().ofCsvRecord(file)) {
            int column = -1;
            for (CsvRecord row : reader) {
                if (column < 0) {
                    column = row.getFields().indexOf(AuditFiles.COLUMN);
                } else {
                    counts.computeIfAbsent(row.getField(column), _ -> new long[1])[0]++;
                }
            }
        }
        return counts.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, each -> each.getValue()[0]));
    }

    /** With the form of the file given, which is faster than to let it find out. */
    private static Map<String, Long> countByDuckDb(Connection connection, Path file) throws Exception {
        Map<String, Long> counts = new HashMap<>();
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET threads=1");
            String columns = IntStream.range(0, AuditFiles.COLUMNS)
                    .mapToObj(place -> "'c" + place + "': 'VARCHAR'").collect(Collectors.joining(", "));
            try (ResultSet rows = statement.executeQuery("SELECT c2, count(*) FROM read_csv('" + file
                    + "', header=true, delim=',', quote='\"', escape='\"', auto_detect=false, columns={" + columns
                    + "}) GROUP BY c2")) {
                while (rows.next()) {
                    counts.put(rows.getString(1), rows.getLong(2));
                }
            }
        }
        return counts;
    }

    private static Map<String, Long> countByClickHouse(HttpClient client, LocalClickHouse server, Path file)
            throws IOException, InterruptedException {
        String columns = IntStream.range(0, AuditFiles.COLUMNS).mapToObj(place -> "c" + place + " String")
                .collect(Collectors.joining(", "));
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.url()))
                .header("X-ClickHouse-User", LocalClickHouse.USER).header("X-ClickHouse-Key", server.password())
                .POST(HttpRequest.BodyPublishers.ofString("SELECT c2, count() FROM file('" + file
                        + "', 'CSVWithNames', '" + columns + "') GROUP BY c2 SETTINGS max_threads=1,"
                        + " max_parsing_threads=1, input_format_with_names_use_header=0 FORMAT TSVRaw"))
                .build();
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException(answer.body());
        }
        return answer.body().lines().map(line -> line.split("\t", -1))
                .collect(Collectors.toMap(cells -> cells[0], cells -> Long.parseLong(cells[1])));
    }
}
