package dev.tally.platform.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.tally.platform.postgres.EventLoopPool;
import dev.tally.platform.postgres.PoolsForTests;
import dev.tally.platform.postgres.Statements;
import dev.tally.platform.problem.DatabaseException;
import dev.tally.platform.ratelimit.RateLimitConfig.State;
import dev.tally.testsupport.ScratchDatabase;
import dev.tally.testsupport.SetClock;

@Timeout(120)
class RateLimiterTest {
    private static final DataSource DATABASE = ScratchDatabase.create("tally_rate_limits");
    private static final EventLoopPool POOL = PoolsForTests.of(ScratchDatabase.url("tally_rate_limits"));
    private static final Instant START = Instant.parse("2025-03-01T12:00:00Z");
    private static final int CALLERS = 50;

    private final SetClock clock = new SetClock(START);

    @BeforeEach
    void fillAllBuckets() {
        execute("TRUNCATE platform.rate_limit");
    }

    @ParameterizedTest
    @EnumSource(State.class)
    void decidesAsTheObviousBucketDoes(State state) {
        RateLimiter limiter = limiter(state);
        Random random = new Random(20_250_301);
        List<Policy> policies = List.of(new Policy("a", 1, 1), new Policy("b", 7, 60), new Policy("c", 30, 3));
        Map<String, ObviousBucket> obvious = new HashMap<>();
        int refused = 0;
        for (int i = 0; i < 3_000; i++) {
            clock.advance(Duration.ofNanos(random.nextLong(100_000_000) / 1_000 * 1_000));
            Policy policy = policies.get(random.nextInt(policies.size()));
            String bucket = String.valueOf(random.nextInt(3));
            boolean expected = obvious.computeIfAbsent(policy.name() + bucket,
                    _ -> new ObviousBucket(policy, 0)).take(nowMicros());

            Decision looked = PoolsForTests.await(limiter.look(policy, bucket));
            Decision decision = PoolsForTests.await(limiter.take(policy, bucket));

            assertThat(decision.allowed()).as("take %d", i).isEqualTo(expected).isEqualTo(looked.allowed());
            assertThat(looked.remaining()).isEqualTo(decision.remaining() + (expected ? 1 : 0));
            refused += expected ? 0 : 1;
        }
        assertThat(refused).isBetween(300, 2_700);
    }

    @Test
    void bothStoresSayTheSameAlsoWhenTheClockIsSetBack() {
        RateLimiter replica = limiter(State.REPLICA);
        RateLimiter postgres = limiter(State.POSTGRES);
        Policy policy = new Policy("p", 4, 10);
        Random random = new Random(7);
        for (int i = 0; i < 500; i++) {
            clock.advance(Duration.ofMillis(random.nextInt(100) == 0 ? -60_000 : random.nextInt(4_000)));

            assertThat(PoolsForTests.await(postgres.take(policy, "x")))
                    .isEqualTo(PoolsForTests.await(replica.take(policy, "x")));
        }
    }

    @ParameterizedTest
    @EnumSource(State.class)
    void givesEachOfManyAtOnceExactlyOne(State state) throws Exception {
        RateLimiter limiter = limiter(state);
        Policy policy = new Policy("p", 20, 3_600);
        CyclicBarrier start = new CyclicBarrier(CALLERS);
        List<Future<Decision>> decisions = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < CALLERS; i++) {
                decisions.add(threads.submit(() -> {
                    start.await(30, TimeUnit.SECONDS);
                    return PoolsForTests.await(limiter.take(policy, "x"));
                }));
            }
        }
        List<Long> remaining = new ArrayList<>();
        for (Future<Decision> decision : decisions) {
            if (decision.get().allowed()) {
                remaining.add(decision.get().remaining());
            }
        }

        assertThat(remaining).hasSize(20).doesNotHaveDuplicates().contains(0L, 19L);
    }

    @ParameterizedTest
    @EnumSource(State.class)
    void countsNobodyForAnother(State state) {
        RateLimiter limiter = limiter(state);

        assertThat(PoolsForTests.await(limiter.take(new Policy("a", 1, 60), "x")).allowed()).isTrue();
        assertThat(PoolsForTests.await(limiter.take(new Policy("a", 1, 60), "x")).allowed()).isFalse();
        assertThat(PoolsForTests.await(limiter.take(new Policy("a", 1, 60), "y")).allowed()).isTrue();
        assertThat(PoolsForTests.await(limiter.take(new Policy("b", 1, 60), "x")).allowed()).isTrue();
    }

    @Test
    void remembersNoMoreThanItsBoundAndForgetsWhatIsFull() {
        ReplicaBuckets buckets = new ReplicaBuckets(100);
        Policy policy = new Policy("p", 2, 60);
        long now = 0;
        for (int i = 0; i < 1_000; i++) {
            var unused = buckets.take(policy, "bucket " + i, now);
            assertThat(buckets.size()).isLessThanOrEqualTo(100);
        }
        assertThat(buckets.size()).isEqualTo(100);
        boolean knowsTheLatest = buckets.look(policy, "bucket 999", now).result().fullAtMicros() > now;

        now += policy.bucketMicros();
        for (int i = 0; i < 110; i++) {
            var unused = buckets.take(policy, "one", now);
        }

        assertThat(knowsTheLatest).isTrue();
        assertThat(buckets.size()).isEqualTo(1);
    }

    @Test
    void removesFullBucketsFromTheDatabase() {
        RateLimiter limiter = limiter(State.POSTGRES);
        for (int i = 0; i < 25; i++) {
            PoolsForTests.await(limiter.take(new Policy("short", 5, 60), "x" + i));
        }
        PoolsForTests.await(limiter.take(new Policy("long", 1, 3_600), "x"));

        limiter.removeFull();
        String tooEarly = text("SELECT count(*) FROM platform.rate_limit");
        clock.advance(Duration.ofSeconds(61));
        limiter.removeFull();

        assertThat(tooEarly).isEqualTo("26");
        assertThat(text("SELECT string_agg(bucket, ',') FROM platform.rate_limit")).isEqualTo("long:x");
    }

    @Test
    void allowsNothingThatItCannotCount() {
        EventLoopPool nobody = PoolsForTests.of("jdbc:postgresql://localhost:1/nothing");
        RateLimiter limiter = new RateLimiter(new RateLimitQueries(nobody, new Statements(DATABASE)), clock,
                new RatesOf(State.POSTGRES, 100));
        Policy policy = new Policy("p", 5, 60);

        assertThatThrownBy(() -> PoolsForTests.await(limiter.take(policy, "x")))
                .isInstanceOf(CompletionException.class).hasCauseInstanceOf(DatabaseException.class);
        assertThatThrownBy(() -> PoolsForTests.await(limiter.look(policy, "x")))
                .isInstanceOf(CompletionException.class).hasCauseInstanceOf(DatabaseException.class);
    }

    private RateLimiter limiter(State state) {
        return new RateLimiter(new RateLimitQueries(POOL, new Statements(DATABASE)), clock, new RatesOf(state, 1_000));
    }

    private long nowMicros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
    }

    private static void execute(String sql) {
        try (Connection connection = DATABASE.getConnection(); Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String text(String query) {
        try (Connection connection = DATABASE.getConnection();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            result.next();
            return result.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
