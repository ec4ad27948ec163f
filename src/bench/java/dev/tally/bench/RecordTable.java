package dev.tally.bench;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Locale;

import dev.tally.local.LocalClickHouse;

/**
 * Made-up records in a real ClickHouse, from an earlier run if there is one: ten million take a while. They come in an order
 * that is not that of their keys, as in life, so that each part of the table has records of all over it; one in a hundred
 * came twice.
 */
final class RecordTable {
    /** That of the records leaps by it; prime, and so it comes to each of them. */
    private static final long LEAP = 7_368_787;
    private static final int QUIET_POLLS = 3;
    private static final int POLL_MILLIS = 1000;

    private final LocalClickHouse clickHouse;
    private final int count;

    RecordTable(LocalClickHouse clickHouse, int count) {
        this.clickHouse = clickHouse;
        this.count = count;
    }

    /** Of which the application makes the table. */
    String database() {
        return "records_" + count;
    }

    /** In the order of their keys, from 0. */
    static String key(long place) {
        return String.format(Locale.ROOT, "person_%010d", place);
    }

    /** Drops what is not complete. Before the application makes the table. */
    void prepare() throws IOException, InterruptedException {
        if (!isComplete()) {
            run("DROP DATABASE IF EXISTS " + database() + " SYNC");
        }
    }

    /** Makes the records unless they are there, and waits until ClickHouse has nothing more to do with them. */
    void fill() throws IOException, InterruptedException {
        if (!isComplete()) {
            run(insert(1, ""));
            run(insert(2, " WHERE number % 100 = 0"));
            String found = run("SELECT count() FROM " + database() + ".records FINAL");
            if (Integer.parseInt(found) != count) {
                throw new IOException("There are " + found + " records, not " + count);
            }
            run("CREATE TABLE " + database() + ".complete (at DateTime) ENGINE = MergeTree ORDER BY at");
        }
        awaitQuiet();
    }

    /** Of how many parts the table consists now. */
    String parts() throws IOException, InterruptedException {
        return run("SELECT count() FROM system.parts WHERE active AND table = 'records' AND database = '" + database()
                + "'");
    }

    private boolean isComplete() throws IOException, InterruptedException {
        return run("SELECT count() FROM system.tables WHERE database = '" + database() + "' AND name = 'complete'")
                .equals("1");
    }

    private String insert(int version, String which) {
        return "INSERT INTO " + database() + ".records SELECT concat('person_', leftPad(toString(place), 10, '0')),"
                + " concat(['John', 'Jane', 'María', 'Ömer', 'Zoë', 'Ivan', 'Anna', 'Wei'][1 + hash % 8], ' ',"
                + " ['Doe', 'Smith', 'García', 'Nguyễn', 'Strauß', 'O\\'Brien', 'Silva', 'Khan'][1 + intDiv(hash, 8) % 8]),"
                + " concat('p', toString(place), '@example.com'), concat('9', leftPad(toString(hash % 1000000000), 9, '0')),"
                + " if(hash % 20 = 0, NULL, toDate32('1940-01-01') + toInt32(hash % 25000)), " + version
                + " FROM (SELECT number * " + LEAP + " % " + count + " AS place, cityHash64(place) AS hash"
                + " FROM numbers(" + count + ")" + which + ")";
    }

    private void awaitQuiet() throws IOException, InterruptedException {
        int quiet = 0;
        while (quiet < QUIET_POLLS) {
            Thread.sleep(POLL_MILLIS);
            boolean merging = !run("SELECT count() FROM system.merges WHERE database = '" + database() + "'")
                    .equals("0");
            quiet = merging ? 0 : quiet + 1;
        }
    }

    private String run(String sql) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(clickHouse.url()))
                .header("X-ClickHouse-User", LocalClickHouse.USER).header("X-ClickHouse-Key", clickHouse.password())
                .POST(HttpRequest.BodyPublishers.ofString(sql)).build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IOException(answer.body());
            }
            return answer.body().strip();
        }
    }
}
