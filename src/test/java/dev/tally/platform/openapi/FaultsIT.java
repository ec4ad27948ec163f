package dev.tally.platform.openapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jboss.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.tally.local.LocalPostgres;
import dev.tally.platform.openapi.Description.Operation;
import dev.tally.platform.openapi.FaultRequests.Row;
import dev.tally.platform.problem.ProblemCode;
import dev.tally.testsupport.Chaos;
import dev.tally.testsupport.LinkFault;
import dev.tally.testsupport.NeedsClickHouse;
import dev.tally.testsupport.PackagedTally;
import dev.tally.testsupport.TwoReplicas;
import dev.tally.testsupport.UsersForTests;

/**
 * The packaged application, every operation of it, while the network to PostgreSQL, to ClickHouse, to S3 or to Gcore fails in
 * each of its ways. An answer is what it always is, or a problem that says what is wrong, or it breaks off so that its
 * reader knows; and it comes in time. Whatever does not need that part goes on as ever. When the fault ends all is as before.
 */
@NeedsClickHouse
@Tag(Chaos.TAG)
@Timeout(900)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultsIT {
    private static final Logger LOG = Logger.getLogger(FaultsIT.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int AT_ONCE = 12;
    /** Longer than all time-outs of an operation together, as FaultyParts sets them, on a busy machine. */
    private static final Duration ANSWER_TIME = Duration.ofSeconds(30);
    private static final Duration RECOVERY_TIME = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** Of the pools of PostgreSQL, and one that listens. */
    private static final int MAX_CONNECTIONS = 30 + 16 + 1;
    private static final int MAX_MORE_THREADS = 60;
    /** The answers of S3 and Gcore are short; those of databases are sometimes longer, and begin with a greeting. */
    private static final int MAX_BROKEN_BYTES = 200;
    private static final int MAX_BROKEN_BYTES_OF_DATABASES = 3_000;
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Random random = new Random(Chaos.seed());
    private final List<Row> rows = FaultRequests.rows();
    private final Map<Row, byte[]> stable = new ConcurrentHashMap<>();
    /** By the tokens of this phase. */
    private final Set<String> topUps = ConcurrentHashMap.newKeySet();
    private FaultyParts parts;
    private PackagedTally tally;
    private Description description;
    private Map<String, String> given = Map.of();

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        parts = new FaultyParts(directory, "tally_faults_it");
        Map<String, String> environment = new HashMap<>(parts.environment());
        StringBuilder users = new StringBuilder();
        for (String user : List.of("viewer", "operator", "admin")) {
            users.append(user).append(" = ").append(UsersForTests.digest(user)).append(", ").append(user).append('\n');
        }
        environment.put("TALLY_USERS_FILE", Files.writeString(directory.resolve("users"), users).toString());
        environment.put("ADMIN_API_KEY", TwoReplicas.ADMIN_KEY);
        tally = PackagedTally.start(environment);
        description = new Description(json(tally.request("/openapi.json")));
        given = prepared();
    }

    @AfterAll
    void stop() {
        tally.close();
        parts.close();
        client.close();
    }

    @Test
    void asksForEachOperation() {
        assertThat(rows.stream().map(Row::route))
                .containsExactlyInAnyOrderElementsOf(description.operations().stream().map(Operation::route).toList());
    }

    @Test
    void answersOrSaysWhatIsWrongInTimeAndIsBackWhenItIsOver() throws Exception {
        assertThat(faults(answersOf(newConsumer("before"), "before-0", rows), row -> Set.of())).isEmpty();
        rows.stream().filter(Row::isStable).forEach(row -> assertThat(stable).containsKey(row));
        int threads = threads();

        List<String> found = new ArrayList<>();
        int phase = 0;
        for (Phase each : phases()) {
            found.addAll(phase("phase-" + phase++, each));
        }

        assertThat(found).as("seed %d", Chaos.seed()).isEmpty();
        await().atMost(PATIENCE).until(() -> number("SELECT count(*) FROM reports.job WHERE ended_at IS NULL") == 0);
        // Nothing is kept of what has failed.
        await().atMost(PATIENCE).until(() -> number("SELECT count(*) FROM ledger.differences") == 0);
        assertThat(number("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                + " AND application_name = 'tally'")).isLessThanOrEqualTo(MAX_CONNECTIONS);
        assertThat(threads()).isLessThanOrEqualTo(threads + MAX_MORE_THREADS);
    }

    /** A part and what happens to it. */
    private record Phase(char part, LinkFault fault) {}

    /** One fault of each part in each build; all of all of them in the long form. */
    private List<Phase> phases() {
        List<Phase> phases = new ArrayList<>();
        for (char part : new char[]{FaultyParts.POSTGRES, FaultyParts.CLICKHOUSE, FaultyParts.S3,
                FaultyParts.GCORE}) {
            boolean isDatabase = part == FaultyParts.POSTGRES || part == FaultyParts.CLICKHOUSE;
            int maxBytes = isDatabase ? MAX_BROKEN_BYTES_OF_DATABASES : MAX_BROKEN_BYTES;
            List<LinkFault> faults = new ArrayList<>(List.of(LinkFault.refused(),
                    LinkFault.cutAfter(random.nextInt(maxBytes)), LinkFault.resetAfter(random.nextInt(maxBytes)),
                    LinkFault.silence(), LinkFault.halfOpen(),
                    LinkFault.delayed(Duration.ofMillis(random.nextLong(20, 150))),
                    LinkFault.throttled(random.nextInt(500, 2_000), Duration.ofMillis(20))));
            Collections.shuffle(faults, random);
            faults.subList(0, Chaos.times(1, faults.size())).forEach(fault -> phases.add(new Phase(part, fault)));
        }
        return phases;
    }

    private List<String> phase(String token, Phase phase) throws Exception {
        Map<String, String> consumer = newConsumer(token);
        topUps.clear();
        long began = System.nanoTime();
        parts.proxy(phase.part).suffer(phase.fault);
        Map<Row, Answer> answers = answersOf(consumer, token + "-0", rows);
        assertThat(parts.proxy(phase.part).harmed()).as("%s %s", token, phase).isPositive();
        parts.proxy(phase.part).recover();
        long recovered = System.nanoTime();
        List<String> found = new ArrayList<>();
        found.addAll(faults(answers, row -> row.dependsOn(phase.part) ? codes(phase.part) : Set.of()));
        found.addAll(notBack(consumer, token, recovered));
        found.addAll(notRepeated(consumer, token + "-0", answers));
        LOG.infof("%s: %s of %s, %d ms; slowest answer %d ms", token, phase.fault, phase.part,
                (recovered - began) / 1_000_000, answers.values().stream().mapToLong(Answer::millis).max().orElse(0));
        found.forEach(LOG::error);
        return found.stream().map(fault -> token + " " + phase + ": " + fault).toList();
    }

    /**
     * What came.
     *
     * @param response empty when it broke off, or none came
     * @param thrown why; empty when it came
     */
    private record Answer(Optional<HttpResponse<byte[]>> response, Optional<IOException> thrown, long millis) {
        boolean isAsEver(Row row, Map<Row, byte[]> stable) {
            return response.isPresent() && row.statuses().contains(response.get().statusCode())
                    && (!row.isStable()
                            || Arrays.equals(stable.computeIfAbsent(row, _ -> response.get().body()),
                                    response.get().body()));
        }

        @Override
        public String toString() {
            return response.map(it -> it.statusCode() + " " + new String(it.body(), StandardCharsets.UTF_8))
                    .map(text -> text.length() > 400 ? text.substring(0, 400) + "..." : text)
                    .orElseGet(thrown.map(IOException::toString)::orElseThrow) + " after " + millis + " ms";
        }
    }

    private Map<Row, Answer> answersOf(Map<String, String> consumer, String token, List<Row> asked) throws Exception {
        Semaphore atOnce = new Semaphore(AT_ONCE);
        Map<Row, Answer> answers = new ConcurrentHashMap<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (Row row : asked) {
                all.add(threads.submit(() -> {
                    atOnce.acquire();
                    try {
                        answers.put(row, ask(row, consumer, token));
                    } finally {
                        atOnce.release();
                    }
                    return row;
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        }
        return answers;
    }

    private static Answer of(Row row, Map<Row, Answer> answers) {
        return Objects.requireNonNull(answers.get(row), row.route());
    }

    private Answer ask(Row row, Map<String, String> consumer, String token) throws InterruptedException {
        long began = System.nanoTime();
        try {
            if (row.route().equals("POST /admin/topup")) {
                topUps.add(token);
            }
            HttpRequest request = row.request(tally, consumer, token).timeout(ANSWER_TIME).build();
            HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(Optional.of(response), Optional.empty(), millisSince(began));
        } catch (IOException e) {
            return new Answer(Optional.empty(), Optional.of(e), millisSince(began));
        }
    }

    private static long millisSince(long nanos) {
        return (System.nanoTime() - nanos) / 1_000_000;
    }

    /** What says that a part does not do as it should. */
    private static Set<ProblemCode> codes(char part) {
        return switch (part) {
            case FaultyParts.POSTGRES -> Set.of(ProblemCode.DATABASE_UNAVAILABLE, ProblemCode.QUERY_TOO_SLOW,
                    ProblemCode.OVERLOADED, ProblemCode.IDEMPOTENCY_KEY_IN_USE, ProblemCode.IMPORT_INTERRUPTED,
                    ProblemCode.CHARGE_EXPIRED);
            case FaultyParts.CLICKHOUSE -> Set.of(ProblemCode.RECORDS_UNAVAILABLE, ProblemCode.OVERLOADED);
            case FaultyParts.S3 -> Set.of(ProblemCode.STORE_UNAVAILABLE, ProblemCode.ANALYTICS_NOT_READY,
                    ProblemCode.TOO_MANY_READINGS);
            default -> Set.of(ProblemCode.REPORT_FAILED);
        };
    }

    /** Which codes are allowed instead of the answer; none where it has to be as ever. */
    private interface Allowed {
        Set<ProblemCode> codes(Row row);
    }

    private List<String> faults(Map<Row, Answer> answers, Allowed allowed) {
        List<String> found = new ArrayList<>();
        answers.forEach((row, answer) -> {
            Set<ProblemCode> codes = allowed.codes(row);
            if (!answer.isAsEver(row, stable) && (codes.isEmpty() || !saysSo(row, answer, codes))) {
                found.add(row + ": " + answer);
            }
            if (answer.millis > ANSWER_TIME.toMillis()) {
                found.add(row + ": " + answer.millis + " ms");
            }
        });
        return found;
    }

    /** Whether it is a problem of these, as the operation is described, or broke off within the body. */
    private boolean saysSo(Row row, Answer answer, Set<ProblemCode> codes) {
        if (answer.thrown.isPresent()) {
            return !(answer.thrown.get() instanceof HttpTimeoutException)
                    && String.valueOf(answer.thrown.get().getMessage()).contains("chunked");
        }
        HttpResponse<byte[]> response = answer.response.orElseThrow();
        if (row.route().equals("GET /health")) {
            return response.statusCode() == 503;
        }
        try {
            JsonNode problem = JSON.readTree(response.body());
            ProblemCode code = ProblemCode.valueOf(problem.path("code").asText());
            boolean saysWhen = response.headers().firstValue("Retry-After").isPresent();
            return codes.contains(code) && problem.path("status").asInt() == response.statusCode()
                    && code.status() == response.statusCode()
                    && documented(row).contains(response.statusCode())
                    && saysWhen == (code.retry() == ProblemCode.Retry.SOON);
        } catch (IOException | IllegalArgumentException e) {
            return false;
        }
    }

    private Set<Integer> documented(Row row) {
        Operation operation = description.operations().stream().filter(it -> it.route().equals(row.route()))
                .findFirst().orElseThrow();
        return description.responses(operation).stream().map(Map.Entry::getKey).collect(Collectors.toSet());
    }

    /** Which operations are not answered as ever soon after the fault. */
    private List<String> notBack(Map<String, String> consumer, String token, long recovered) throws Exception {
        List<Row> left = rows;
        Map<Row, Answer> last = Map.of();
        boolean isOver = false;
        for (int attempt = 1; !left.isEmpty() && !isOver; attempt++) {
            isOver = System.nanoTime() - recovered > RECOVERY_TIME.toNanos();
            last = answersOf(consumer, token + "-" + attempt, left);
            Map<Row, Answer> answers = last;
            left = left.stream().filter(row -> !of(row, answers).isAsEver(row, stable)).toList();
        }
        Map<Row, Answer> answers = last;
        return left.stream().map(row -> "not back: " + row + ": " + of(row, answers)).toList();
    }

    /** What was answered is answered again to the same request, and has been done once; what was not may be done now. */
    private List<String> notRepeated(Map<String, String> consumer, String token, Map<Row, Answer> first)
            throws Exception {
        List<Row> keyed = rows.stream().filter(FaultsIT::isDoneOnce).toList();
        Map<Row, Answer> again = answersOf(consumer, token, keyed);
        List<String> found = new ArrayList<>();
        for (Row row : keyed) {
            Answer before = of(row, first);
            Answer now = of(row, again);
            boolean same = before.isAsEver(row, stable)
                    ? now.isAsEver(row, stable) && Arrays.equals(before.response.orElseThrow().body(),
                            now.response.orElseThrow().body())
                    : now.isAsEver(row, stable) || now.toString().contains("IDEMPOTENCY_KEY_IN_USE");
            if (!same) {
                found.add("again: " + row + ": " + before + ", then " + now);
            }
        }
        long toppedUp = number("SELECT count(*) FROM ledger_entries WHERE kind = 'topup' AND amount = 7 AND user_id = "
                + consumer.get("{user}"));
        if (toppedUp < 1 || toppedUp > topUps.size()) {
            found.add("topped up " + toppedUp + " times by " + topUps);
        }
        return found;
    }

    private static boolean isDoneOnce(Row row) {
        return row.route().startsWith("POST") && Set.of("key", "adminKey", "nobody").contains(row.caller());
    }

    /** What all phases have in common: usage, interactions, a report in S3, records. */
    private Map<String, String> prepared() throws Exception {
        Map<String, String> values = new HashMap<>();
        for (Row row : rows) {
            if (row.body().startsWith("@")) {
                JsonNode loaded = json(row.request(tally, values, "prepared").setHeader("Prefer", "wait=60"));
                if (row.body().equals("@workbook")) {
                    values.put("{import}", loaded.path("id").asText());
                }
            }
        }
        JsonNode report = json(tally.request("/reports/cloud").header("Authorization", UsersForTests.basic("operator"))
                .header("Content-Type", "application/json").header("Prefer", "wait=60")
                .POST(HttpRequest.BodyPublishers.ofString("{\"gcore_user_id\":\"829449\",\"start_date\":\"2021-01-01\","
                        + "\"end_date\":\"2021-12-31\"}")));
        assertThat(report.path("status").asText()).as(report.toString()).isEqualTo("completed");
        values.put("{report}", report.path("uuid").asText());
        return values;
    }

    private Map<String, String> newConsumer(String name) throws Exception {
        Map<String, String> values = new HashMap<>(given);
        String email = name + "-of-the-faults@example.com";
        JsonNode signed = json(tally.request("/auth/signup").header("Content-Type", "application/json").POST(
                HttpRequest.BodyPublishers.ofString("{\"name\":\"N\",\"email\":\"" + email + "\"}")));
        values.put("{email}", email);
        values.put("{user}", signed.path("user_id").asText());
        values.put("{apiKey}", signed.path("api_key").asText());
        for (String key : List.of("{spare}", "{other}")) {
            values.put(key, json(tally.request("/keys").header("x-api-key", values.get("{apiKey}"))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString("{\"name\":\"n\"}"))).path("id").asText());
        }
        JsonNode toppedUp = json(tally.request("/admin/topup?amount=1000000&user_email=" + email)
                .header("x-admin-key", TwoReplicas.ADMIN_KEY).POST(HttpRequest.BodyPublishers.noBody()));
        assertThat(toppedUp.path("error").isMissingNode()).as(toppedUp.toString()).isTrue();
        return values;
    }

    private JsonNode json(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        assertThat(response.statusCode()).as(new String(response.body(), StandardCharsets.UTF_8)).isBetween(200, 299);
        return JSON.readTree(response.body());
    }

    private int threads() throws IOException {
        try (Stream<Path> tasks = Files.list(Path.of("/proc", Long.toString(tally.handle().pid()), "task"))) {
            return (int) tasks.count();
        }
    }

    private long number(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(parts.databaseUrl(), LocalPostgres.USER, "");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? row.getLong(1) : 0;
        }
    }
}
