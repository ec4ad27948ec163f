package dev.tally.bench;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/**
 * Loading a file of CDRs over HTTP, against {@code \copy} of the same file into the same tables, by turns and each time
 * into a database of its own that is new. The application goes on from one to the next, as it does in life.
 */
final class LoadBench {
    private static final int CDRS_A_SUBSCRIBER = 50;
    private static final int WARM_UP_SHARE = 5;
    private static final String FILE = "cdrs.csv";
    private static final String WARM_UP = "warm-up.csv";
    private static final String HTTP = "bench_http";
    private static final String COPY = "bench_copy";
    /** The connections that the new database cut off are found out one by one. */
    private static final int MOST_STALE_CONNECTIONS = 50;
    private static final int GOOD_ANSWERS = 10;

    private LoadBench() {}

    static ResultTable run(Path buildDirectory, Postgres postgres, Sizes sizes) throws Exception {
        Cdrs cdrs = Cdrs.ofNinetyDays(sizes.cdrs(), CDRS_A_SUBSCRIBER);
        Cdrs fewer = Cdrs.ofNinetyDays(sizes.cdrs() / WARM_UP_SHARE, CDRS_A_SUBSCRIBER);
        Path directory = ServerProcess.directory(buildDirectory);
        cdrs.writeTo(directory.resolve(FILE));
        fewer.writeTo(directory.resolve(WARM_UP));
        Samples http = new Samples();
        Samples copy = new Samples();
        Samples ratio = new Samples();
        try (ServerProcess application = ServerProcess.application(buildDirectory, postgres.fresh(HTTP),
                List.of("-Xmx512m"))) {
            byHttp(application, postgres, fewer, directory.resolve(WARM_UP));
            byCopy(postgres, fewer, directory, WARM_UP);
            for (int round = 0; round < sizes.rounds(); round++) {
                double httpRate = byHttp(application, postgres, cdrs, directory.resolve(FILE));
                double copyRate = byCopy(postgres, cdrs, directory, FILE);
                http.add(httpRate);
                copy.add(copyRate);
                ratio.add(httpRate / copyRate);
            }
        }
        ResultTable results = new ResultTable("CDRs: " + cdrs.count(), "rows/s: median (range)");
        results.add("POST /api/usage/cdrs", http.text(0));
        results.add("psql \\copy", copy.text(0));
        results.add("**HTTP ÷ \\copy** (at least 0.5)", "**" + ratio.text(2) + "**");
        results.note("The file has " + (Files.size(directory.resolve(FILE)) >> 20) + " MiB and " + cdrs.subscribers()
                + " subscribers over " + cdrs.days() + " days.");
        return results;
    }

    private static double byHttp(ServerProcess application, Postgres postgres, Cdrs cdrs, Path file)
            throws SQLException, IOException, InterruptedException {
        Postgres.Database database = postgres.fresh(HTTP);
        database.ensureMonths(cdrs);
        try (HttpClient client = HttpClient.newHttpClient()) {
            awaitNewConnections(application, client);
            HttpRequest request = application.request("/api/usage/cdrs").header("Content-Type", "text/csv")
                    .POST(HttpRequest.BodyPublishers.ofFile(file)).build();
            long start = System.nanoTime();
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            double seconds = (System.nanoTime() - start) / 1e9;
            if (!answer.body().contains("\"loaded\":" + cdrs.count() + ",")) {
                throw new IOException("The load went wrong: " + answer.statusCode() + " " + answer.body());
            }
            check(database, cdrs);
            return cdrs.count() / seconds;
        }
    }

    private static double byCopy(Postgres postgres, Cdrs cdrs, Path directory, String file)
            throws SQLException, IOException, InterruptedException {
        Postgres.Database database = postgres.fresh(COPY);
        database.ensureMonths(cdrs);
        double seconds = Programs.copy(database, directory, file) / 1e9;
        check(database, cdrs);
        return cdrs.count() / seconds;
    }

    /** Raw rows and roll-up are complete, or the figure means nothing. */
    private static void check(Postgres.Database database, Cdrs cdrs) throws SQLException, IOException {
        String stored = database.query("SELECT (SELECT count(*) FROM cdr_data.voice_cdr) || ' ' ||"
                + " (SELECT sum(voice_calls + video_calls) FROM cdr_data.usage_day)");
        if (!stored.equals(cdrs.count() + " " + cdrs.count())) {
            throw new IOException("There are " + stored + " CDRs and calls instead of " + cdrs.count());
        }
    }

    private static void awaitNewConnections(ServerProcess application, HttpClient client)
            throws IOException, InterruptedException {
        int good = 0;
        for (int i = 0; good < GOOD_ANSWERS; i++) {
            HttpResponse<Void> answer = client.send(application.request("/api/usage/" + Cdrs.FIRST_MSISDN).build(),
                    HttpResponse.BodyHandlers.discarding());
            good = answer.statusCode() == 200 ? good + 1 : 0;
            if (i > MOST_STALE_CONNECTIONS) {
                throw new IOException("The application does not find its new database");
            }
        }
    }
}
