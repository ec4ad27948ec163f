package dev.tally.bench;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.tally.local.LocalClickHouse;
import dev.tally.platform.clickhouse.ClickHouseQuery;
import dev.tally.records.RecordStatements;

/**
 * What an answer about records takes, paid for and all, against ClickHouse's own answer to the same statement with the same
 * settings; by turns, request for request, by one client of the same kind.
 */
final class RecordsBench {
    private static final int PAGE = 1000;
    private static final int FAR_PAGE = 10_000;
    private static final long SEED = 7;
    /** Of each kind, before anything is measured: so the just-in-time compiler has had its fill. */
    private static final int WARM_UP_REQUESTS = 15_000;
    private static final int WARM_UP_CLIENTS = 4;
    /** Not of the form of those that the application makes, which it knows like these by their digest. */
    private static final String API_KEY = "bench";

    private final Sizes sizes;
    private final LocalClickHouse clickHouse;
    private final String database;
    private final ServerProcess application;
    private final ResultTable results = new ResultTable("asked", "p50, ms: median (range)", "p99, ms", "÷");

    private RecordsBench(Sizes sizes, LocalClickHouse clickHouse, String database, ServerProcess application) {
        this.sizes = sizes;
        this.clickHouse = clickHouse;
        this.database = database;
        this.application = application;
    }

    /**
     * @param bytes of the request
     * @param expected in its answer
     */
    @SuppressWarnings("ArrayRecordComponent") // Sent once, and compared by nobody.
    private record Request(byte[] bytes, String expected) {}

    /** What is asked next. */
    @FunctionalInterface
    private interface Requests {
        Request next(SplittableRandom random);
    }

    /** Something that is asked again and again, and its figures of each round. */
    private record Asked(String words, int port, Requests requests, Samples median, Samples p99) {
        Asked(String words, int port, Requests requests) {
            this(words, port, requests, new Samples(), new Samples());
        }
    }

    static ResultTable run(Path buildDirectory, Postgres postgres, Sizes sizes) throws Exception {
        Path directory = ServerProcess.directory(buildDirectory).toAbsolutePath();
        Postgres.Database accounts = postgres.fresh("records");
        open(accounts);
        try (LocalClickHouse clickHouse = ScanBench.clickHouse(directory)) {
            RecordTable table = new RecordTable(clickHouse, sizes.records());
            table.prepare();
            URI url = URI.create(clickHouse.url());
            Map<String, String> environment = new HashMap<>(Map.of("CLICKHOUSE_HOST", url.getHost(),
                    "CLICKHOUSE_PORT", Integer.toString(url.getPort()), "CLICKHOUSE_SECURE", "false",
                    "CLICKHOUSE_DATABASE", table.database(), "CLICKHOUSE_USER", LocalClickHouse.USER,
                    "CLICKHOUSE_PASSWORD", clickHouse.password(), "TALLY_CLICKHOUSE_MIGRATE_AT_START", "true",
                    "TALLY_RATE_LIMIT_KEY_REQUESTS", "0", "TALLY_RATE_LIMIT_ADDRESS_REQUESTS", "0"));
            try (ServerProcess application = ServerProcess.launch(Packaging.FAST_JAR, buildDirectory, accounts,
                    DailyBench.OPTIONS, environment, "records")) {
                application.awaitHealth();
                table.fill();
                ResultTable results = new RecordsBench(sizes, clickHouse, table.database(), application).measure();
                results.note(String.format(Locale.ROOT, "%,d records in %s parts. %d rounds of %d s for each"
                        + " comparison, after one in which answers were looked at; all of it one request at a time.",
                        sizes.records(),
                        table.parts(), sizes.rounds(), sizes.seconds()));
                return results;
            }
        }
    }

    private static void open(Postgres.Database database) throws SQLException, NoSuchAlgorithmException {
        String digest = HexFormat.of().formatHex(
                MessageDigest.getInstance("SHA-256").digest(API_KEY.getBytes(StandardCharsets.US_ASCII)));
        database.execute("INSERT INTO public.users (id, name, email) VALUES (1, 'Bench', 'bench@example.com')");
        database.execute("INSERT INTO public.credits (user_id, credits_balance) VALUES (1, 1000000000000)");
        database.execute("INSERT INTO public.api_keys (user_id, api_key) VALUES (1, '" + digest + "')");
        database.execute("VACUUM ANALYZE");
    }

    private ResultTable measure() throws Exception {
        warmUp(this::record);
        warmUp(this::page);
        int ours = application.port();
        int theirs = URI.create(clickHouse.url()).getPort();
        compare("at most 2", new Asked("GET /record/{canonical_key}", ours, this::record),
                new Asked("ClickHouse, the same statement", theirs, this::recordOfClickHouse));
        compare("at most 1.5", new Asked("GET /query?limit=1000&after=…", ours, this::page),
                new Asked("ClickHouse, the same statement", theirs, this::pageOfClickHouse),
                new Asked("ClickHouse, without the state of the table", theirs, this::bareOfClickHouse));
        int far = Math.min(FAR_PAGE, sizes.records() / PAGE);
        Request first = ask("/query?limit=" + PAGE, RecordTable.key(0));
        Request last = pageAfter((far - 1L) * PAGE - 1);
        compare("at most 1.5", new Asked(String.format(Locale.ROOT, "page %,d of /query?limit=1000, by key", far), ours,
                _ -> last), new Asked("page 1", ours, _ -> first));
        return results;
    }

    private void warmUp(Requests requests) throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(WARM_UP_CLIENTS)) {
            List<Callable<Integer>> clients = IntStream.range(0, WARM_UP_CLIENTS)
                    .<Callable<Integer>>mapToObj(client -> () -> {
                        SplittableRandom random = new SplittableRandom(client);
                        try (KeptConnection connection = new KeptConnection(application.port())) {
                            int asked = 0;
                            for (; asked < WARM_UP_REQUESTS / WARM_UP_CLIENTS; asked++) {
                                long unused = connection.ask(requests.next(random).bytes());
                            }
                            return asked;
                        }
                    }).toList();
            for (Future<Integer> each : threads.invokeAll(clients)) {
                int unused = each.get();
            }
        }
    }

    private Request record(SplittableRandom random) {
        String key = RecordTable.key(random.nextInt(sizes.records()));
        return ask("/record/" + key, key);
    }

    private Request recordOfClickHouse(SplittableRandom random) {
        String key = RecordTable.key(random.nextInt(sizes.records()));
        return ask(RecordStatements.byKey(key, database), key);
    }

    private Request page(SplittableRandom random) {
        return pageAfter(before(random));
    }

    private Request pageAfter(long place) {
        return ask("/query?limit=" + PAGE + "&after=" + RecordTable.key(place), RecordTable.key(place + PAGE));
    }

    private Request pageOfClickHouse(SplittableRandom random) {
        long place = before(random);
        return ask(RecordStatements.page(PAGE, Optional.of(RecordTable.key(place)), database),
                RecordTable.key(place + PAGE));
    }

    private Request bareOfClickHouse(SplittableRandom random) {
        long place = before(random);
        return ask(RecordStatements.pageWithoutState(PAGE, RecordTable.key(place), database),
                RecordTable.key(place + PAGE));
    }

    /** A record after which there is a whole page. */
    private long before(SplittableRandom random) {
        return random.nextLong(sizes.records() - PAGE);
    }

    private Request ask(String path, String expected) {
        return request("GET " + path + " HTTP/1.1\r\nHost: " + ServerProcess.HOST + ":" + application.port()
                + "\r\nAccept: application/json\r\nx-api-key: " + API_KEY + "\r\n\r\n", expected);
    }

    private Request ask(ClickHouseQuery query, String expected) {
        Map<String, String> asked = new HashMap<>(query.settings());
        query.parameters().forEach((name, value) -> asked.put("param_" + name, value));
        asked.put("query_id", UUID.randomUUID().toString());
        String parameters = asked.entrySet().stream()
                .map(each -> each.getKey() + "=" + URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        URI url = URI.create(clickHouse.url());
        return request("POST /?" + parameters + " HTTP/1.1\r\nHost: " + url.getAuthority()
                + "\r\nContent-Type: text/plain;charset=UTF-8\r\nX-ClickHouse-User: " + LocalClickHouse.USER
                + "\r\nX-ClickHouse-Key: " + clickHouse.password() + "\r\nContent-Length: "
                + query.sql().getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + query.sql(), expected);
    }

    private static Request request(String text, String expected) {
        return new Request(text.getBytes(StandardCharsets.UTF_8), expected);
    }

    /** Asks by turns; what the first takes is divided by what each of the others does. The target is against the second. */
    private void compare(String target, Asked... asked) throws IOException {
        SplittableRandom random = new SplittableRandom(SEED);
        List<KeptConnection> connections = new ArrayList<>();
        try {
            for (Asked each : asked) {
                connections.add(new KeptConnection(each.port()));
            }
            for (int round = -1; round < sizes.rounds(); round++) {
                List<Latencies> latencies = round(connections, asked, random, round < 0);
                for (int i = 0; round >= 0 && i < asked.length; i++) {
                    asked[i].median().add(latencies.get(i).millisAt(DailyBench.MEDIAN));
                    asked[i].p99().add(latencies.get(i).millisAt(DailyBench.P99));
                }
            }
        } finally {
            for (KeptConnection connection : connections) {
                connection.close();
            }
        }
        results.add(asked[0].words(), asked[0].median().text(2), asked[0].p99().text(2), "");
        for (int i = 1; i < asked.length; i++) {
            results.add(asked[i].words(), asked[i].median().text(2), asked[i].p99().text(2),
                    ratio(asked[0], asked[i], i == 1 ? " (" + target + ")" : ""));
        }
    }

    private static String ratio(Asked a, Asked b, String target) {
        return String.format(Locale.ROOT, "**%.2f**%s", a.median().median() / b.median().median(), target);
    }

    /** In the first one answers are looked at as well, which takes time between requests. */
    private List<Latencies> round(List<KeptConnection> connections, Asked[] asked, SplittableRandom random,
            boolean checked) throws IOException {
        long[][] nanos = new long[asked.length][1024];
        int count = 0;
        long end = System.nanoTime() + sizes.seconds() * 1_000_000_000L;
        while (System.nanoTime() < end) {
            for (int i = 0; i < asked.length; i++) {
                if (count == nanos[i].length) {
                    nanos[i] = Arrays.copyOf(nanos[i], 2 * count);
                }
                Request request = asked[i].requests().next(random);
                nanos[i][count] = connections.get(i).ask(request.bytes());
                if (checked && !connections.get(i).answer().contains(request.expected())) {
                    throw new IOException(asked[i].words() + " answered without " + request.expected());
                }
            }
            count++;
        }
        List<Latencies> latencies = new ArrayList<>();
        for (long[] each : nanos) {
            latencies.add(new Latencies(Arrays.copyOf(each, count), sizes.seconds()));
        }
        return latencies;
    }
}
