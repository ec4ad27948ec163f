package dev.tally.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.tally.platform.problem.DatabaseException;
import dev.tally.platform.problem.ProblemException;
import dev.tally.platform.upload.UploadFormat;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/** Whoever else writes, and however a load ends: each event is stored once or not at all, and the roll-up is right. */
class ConcurrentLoadsTest {
    private static final UsageDatabase DATABASE = UsageDatabase.create("tally_concurrency");
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String HEADER = "event_id,msisdn,call_type,start_time,duration_seconds\n";

    private final CdrLoadService loads = new CdrLoadService(new CdrLoadQueries(DATABASE.dataSource()),
            Clock.fixed(Instant.parse("2025-01-01T00:00:00Z"), ZoneOffset.UTC),
            new SimpleMeterRegistry(), new CallsConfigForTests());
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    @BeforeEach
    void emptyTheDatabase() {
        DATABASE.execute("DELETE FROM cdr_data.voice_cdr");
    }

    @AfterEach
    void everythingStillAgrees() {
        threads.close();
        DATABASE.assertRollUpEqualsRawRows();
    }

    @Test
    void loadsTheSameFileOnceHoweverOftenItComesAtATime() throws Exception {
        String rows = rows(0, 3_000, 1);

        List<LoadResponse> responses = inParallel(rows, rows, rows, rows);

        assertThat(responses).allSatisfy(response -> {
            assertThat(response.received()).isEqualTo(3_000);
            assertThat(response.rejected()).isZero();
        });
        assertThat(responses.stream().mapToLong(LoadResponse::loaded).sum()).isEqualTo(3_000);
        assertThat(DATABASE.count("cdr_data.voice_cdr")).isEqualTo(3_000);
    }

    @Test
    void loadsFilesThatOverlapInAnyOrderOfTheirRows() throws Exception {
        List<LoadResponse> responses = inParallel(rows(0, 2_000, 1), rows(1_000, 3_000, 2), rows(500, 2_500, 3),
                rows(0, 3_000, 4));

        assertThat(responses.stream().mapToLong(LoadResponse::loaded).sum()).isEqualTo(3_000);
        assertThat(responses.stream().mapToLong(LoadResponse::rejected).sum()).isZero();
    }

    @Test
    void loadsBesidesWritersThatTakeNoLocksOfOurs() throws Exception {
        DATABASE.execute("SELECT cdr_data.ensure_month('2024-03-01')");
        AtomicBoolean loading = new AtomicBoolean(true);
        Future<Integer> others = threads.submit(() -> {
            int statements = 0;
            for (int i = 0; loading.get(); i++) {
                // The same events, as psql would write them; a unique violation is the answer to one that is there.
                attempt("INSERT INTO cdr_data.voice_cdr (event_id, msisdn, call_type, start_time, duration_seconds)"
                        + " VALUES ('e-" + i % 3_000 + "', '76430" + i % 3_000 % 50 + "', 'voice',"
                        + " TIMESTAMPTZ '2024-03-01Z' + " + i % 3_000 + " * INTERVAL '1 minute', " + i % 3_000 + ")");
                attempt("DELETE FROM cdr_data.voice_cdr WHERE event_id = 'e-" + (i * 7) % 3_000 + "'");
                statements += 2;
            }
            return statements;
        });

        try {
            for (int round = 0; round < 5; round++) {
                inParallel(rows(0, 3_000, 1), rows(0, 3_000, 2));
            }
        } finally {
            loading.set(false);
        }

        assertThat(others.get()).isPositive();
        DATABASE.assertRollUpEqualsRawRows();
        assertThat(DATABASE.count("(SELECT FROM cdr_data.voice_cdr GROUP BY event_id HAVING count(*) > 1)")).isZero();
    }

    @Test
    void storesNothingOfALoadThatIsKilledHalfWay() throws Exception {
        load(rows(0, 10, 1));

        try (Connection blocker = DATABASE.dataSource().getConnection();
                Statement statement = blocker.createStatement()) {
            blocker.setAutoCommit(false);
            // The load's rows are in voice_cdr, uncommitted, when its trigger waits for this.
            statement.execute("LOCK TABLE cdr_data.usage_day IN SHARE MODE");
            Future<LoadResponse> killed = threads.submit(() -> load(rows(0, 1_000, 1)));
            String waiting = "pg_locks JOIN pg_stat_activity USING (pid) WHERE NOT granted AND query LIKE '%cdr_stage%'";
            await().atMost(SOON).until(() -> DATABASE.count("(SELECT FROM " + waiting + ")") == 1);

            DATABASE.execute("SELECT pg_terminate_backend(pid) FROM " + waiting);

            assertThatThrownBy(killed::get).hasCauseInstanceOf(DatabaseException.class);
            blocker.rollback();
        }

        assertThat(DATABASE.count("cdr_data.voice_cdr")).isEqualTo(10);
        assertThat(load(rows(0, 1_000, 1)).loaded()).isEqualTo(990);
    }

    @Test
    void storesNothingOfAnUploadThatBreaksOffAndCanLoadAgain() {
        byte[] whole = (HEADER + rows(0, 1_000, 1)).getBytes(StandardCharsets.UTF_8);
        for (int attempt = 0; attempt < 20; attempt++) {
            InputStream broken = new SequenceInputStream(new ByteArrayInputStream(whole), new InputStream() {
                @Override
                public int read() throws IOException {
                    throw new IOException("Connection reset");
                }

                @Override
                public int read(byte[] buffer, int offset, int length) throws IOException {
                    return read();
                }
            });

            assertThatThrownBy(() -> loads.load(broken, new UploadFormat(true, false), CdrLoadService.OnError.SKIP))
                    .isInstanceOf(ProblemException.class).hasMessageContaining("broke off");
        }

        assertThat(DATABASE.count("cdr_data.voice_cdr")).isZero();
        assertThat(load(rows(0, 1_000, 1)).loaded()).isEqualTo(1_000);
    }

    @Test
    void storesNothingOfAnUploadThatIsTooLargeUnpacked() {
        String rows = rows(0, 30_000, 1);

        assertThatThrownBy(() -> load(rows)).isInstanceOf(ProblemException.class)
                .hasMessageContaining("more than 1000000 bytes when unpacked");

        assertThat(DATABASE.count("cdr_data.voice_cdr")).isZero();
    }

    @Test
    void refusesMoreLoadsAtATimeThanItMay() throws Exception {
        try (Connection blocker = DATABASE.dataSource().getConnection();
                Statement statement = blocker.createStatement()) {
            DATABASE.execute("SELECT cdr_data.ensure_month('2024-03-01')");
            blocker.setAutoCommit(false);
            statement.execute("LOCK TABLE cdr_data.cdr_event IN ACCESS EXCLUSIVE MODE");
            List<Future<LoadResponse>> waiting = new ArrayList<>();
            for (int i = 0; i < new CallsConfigForTests().maxConcurrent(); i++) {
                String rows = rows(i * 100, i * 100 + 100, 1);
                waiting.add(threads.submit(() -> load(rows)));
            }
            await().atMost(SOON).until(() -> DATABASE
                    .count("(SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%cdr_stage%')") == waiting
                            .size());

            assertThatThrownBy(() -> load(rows(0, 1, 1))).isInstanceOf(ProblemException.class)
                    .hasMessageContaining("Send this one again later");

            blocker.rollback();
            for (Future<LoadResponse> load : waiting) {
                assertThat(load.get().loaded()).isEqualTo(100);
            }
        }
        assertThat(load(rows(0, 400, 1)).duplicates()).isEqualTo(400);
    }

    private List<LoadResponse> inParallel(String... files) throws Exception {
        List<Future<LoadResponse>> futures = new ArrayList<>();
        for (String rows : files) {
            futures.add(threads.submit(() -> load(rows)));
        }
        List<LoadResponse> responses = new ArrayList<>();
        for (Future<LoadResponse> future : futures) {
            responses.add(future.get());
        }
        return responses;
    }

    private LoadResponse load(String rows) {
        return loads.load(new ByteArrayInputStream((HEADER + rows).getBytes(StandardCharsets.UTF_8)),
                new UploadFormat(true, false), CdrLoadService.OnError.SKIP);
    }

    /** These events, of 50 subscribers and few days, in an order of the seed's. */
    private static String rows(int first, int end, long seed) {
        List<Integer> numbers = new ArrayList<>();
        for (int i = first; i < end; i++) {
            numbers.add(i);
        }
        Collections.shuffle(numbers, new Random(seed));
        StringBuilder rows = new StringBuilder();
        for (int i : numbers) {
            rows.append("e-%d,76430%d,voice,%s,%d\n".formatted(i, i % 50,
                    Instant.parse("2024-03-01T00:00:00Z").plusSeconds(60L * i), i));
        }
        return rows.toString();
    }

    private static void attempt(String sql) {
        try (Connection connection = DATABASE.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            assertThat(e.getSQLState()).as(e.getMessage()).isIn("23505", "40P01");
        }
    }
}
