package dev.tally.platform.idempotency;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tally.platform.idempotency.IdempotencyService.Claim;
import dev.tally.platform.idempotency.IdempotencyService.Ticket;
import dev.tally.platform.postgres.Statements;
import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;
import dev.tally.testsupport.ScratchDatabase;
import dev.tally.testsupport.SetClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

class IdempotencyServiceTest {
    private static final DataSource DATABASE = ScratchDatabase.create("tally_idempotency");
    private static final byte[] REQUEST = RequestFingerprint.of("POST", "/query", null, null, new byte[0]);
    private static final byte[] OTHER_REQUEST = RequestFingerprint.of("POST", "/other", null, null, new byte[0]);
    private static final String KEY = "order-66";
    private static final StoredAnswer ANSWER = new StoredAnswer(202,
            Map.of("Content-Type", "application/json", "Location", "/reports/1"), "{\"a\":\"ü\"}".getBytes(UTF_8));
    private static final int CALLERS = 50;

    private final SetClock clock = new SetClock(Instant.parse("2025-03-01T12:00:00Z"));
    private final IdempotencyService service = new IdempotencyService(new IdempotencyQueries(new Statements(DATABASE)),
            clock, new SimpleMeterRegistry(),
            new IdempotencyBounds());

    @BeforeEach
    void forgetAllKeys() {
        execute("TRUNCATE platform.idempotency_key");
    }

    @Test
    void replaysTheAnswerToTheByte() {
        service.finish(first(), ANSWER);

        Claim claim = service.claim("ann", KEY, REQUEST);

        assertThat(claim).isEqualTo(new Claim.Replay(ANSWER));
    }

    @Test
    void replaysAnEmptyAnswer() {
        StoredAnswer empty = new StoredAnswer(204, Map.of(), new byte[0]);
        service.finish(first(), empty);

        assertThat(service.claim("ann", KEY, REQUEST)).isEqualTo(new Claim.Replay(empty));
    }

    @Test
    void refusesTheKeyWithAnotherRequest() {
        Ticket ticket = first();

        assertFault(ProblemCode.IDEMPOTENCY_KEY_REUSED, () -> service.claim("ann", KEY, OTHER_REQUEST));
        service.finish(ticket, ANSWER);
        assertFault(ProblemCode.IDEMPOTENCY_KEY_REUSED, () -> service.claim("ann", KEY, OTHER_REQUEST));
    }

    @Test
    void refusesTheKeyWhileItsRequestIsRunning() {
        first();

        clock.advance(Duration.ofSeconds(59));

        assertFault(ProblemCode.IDEMPOTENCY_KEY_IN_USE, () -> service.claim("ann", KEY, REQUEST));
    }

    @Test
    void knowsEachCallersKeysApart() {
        first();

        assertThat(service.claim("bob", KEY, OTHER_REQUEST)).isInstanceOf(Claim.First.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "tab\t", "ü", "a\u007F", "null\u0000"})
    void refusesAKeyOfOtherCharacters(String key) {
        assertFault(ProblemCode.IDEMPOTENCY_KEY_INVALID, () -> service.claim("ann", key, REQUEST));
    }

    @Test
    void takesKeysOfUpTo255Characters() {
        assertThat(service.claim("ann", "k".repeat(255), REQUEST)).isInstanceOf(Claim.First.class);
        assertFault(ProblemCode.IDEMPOTENCY_KEY_INVALID, () -> service.claim("ann", "k".repeat(256), REQUEST));
    }

    @Test
    void keepsNoKey() {
        service.finish(first(), ANSWER);

        assertThat(text("SELECT string_agg(row_to_json(k)::text, '') FROM platform.idempotency_key AS k"))
                .doesNotContain(KEY).contains("/reports/1");
    }

    @Test
    void givesTheTurnToOneOfManyThatAskAtATime() throws Exception {
        for (int round = 0; round < 5; round++) {
            String key = "round-" + round;

            List<Object> results = together(CALLERS, () -> service.claim("ann", key, REQUEST));

            assertThat(results).filteredOn(Claim.First.class::isInstance).hasSize(1);
            assertThat(results).filteredOn(ProblemCode.IDEMPOTENCY_KEY_IN_USE::equals).hasSize(CALLERS - 1);
        }
    }

    @Test
    void givesTheTurnOfADeadAttemptToOneOfManyToo() throws Exception {
        Ticket dead = first();
        service.bind(dead, "job-1");
        clock.advance(Duration.ofSeconds(60));

        List<Object> results = together(CALLERS, () -> service.claim("ann", KEY, REQUEST));

        assertThat(results).filteredOn(Claim.First.class::isInstance).singleElement()
                .extracting(claim -> ((Claim.First) claim).subject()).isEqualTo(Optional.of("job-1"));
    }

    @Test
    void keepsTheTurnOfALongAttemptThatRenewsIt() {
        Ticket ticket = first();
        clock.advance(Duration.ofSeconds(59));

        service.renew(ticket);
        clock.advance(Duration.ofSeconds(59));

        assertFault(ProblemCode.IDEMPOTENCY_KEY_IN_USE, () -> service.claim("ann", KEY, REQUEST));
    }

    @Test
    void letsNoAttemptThatCountedAsDeadGetInTheWayOfItsSuccessor() {
        Ticket dead = first();
        clock.advance(Duration.ofSeconds(60));
        Ticket successor = first();

        assertFault(ProblemCode.IDEMPOTENCY_KEY_IN_USE, () -> service.finish(dead, ANSWER));
        assertFault(ProblemCode.IDEMPOTENCY_KEY_IN_USE, () -> service.bind(dead, "job-1"));
        assertFault(ProblemCode.IDEMPOTENCY_KEY_IN_USE, () -> service.renew(dead));
        service.release(dead);

        service.finish(successor, ANSWER);
        service.release(dead);
        assertThat(service.claim("ann", KEY, REQUEST)).isEqualTo(new Claim.Replay(ANSWER));
    }

    @Test
    void forgetsAKeyWithWhichNothingWasMade() {
        service.release(first());

        assertThat(service.claim("ann", KEY, OTHER_REQUEST))
                .isInstanceOfSatisfying(Claim.First.class, claim -> assertThat(claim.subject()).isEmpty());
    }

    @Test
    void remembersWhatWasMadeWhenTheTurnIsGivenBack() {
        Ticket ticket = first();
        service.bind(ticket, "job-1");
        service.release(ticket);

        assertFault(ProblemCode.IDEMPOTENCY_KEY_REUSED, () -> service.claim("ann", KEY, OTHER_REQUEST));
        assertThat(service.claim("ann", KEY, REQUEST)).isInstanceOfSatisfying(Claim.First.class,
                claim -> assertThat(claim.subject()).contains("job-1"));
    }

    @Test
    void knowsAKeyForADay() {
        service.finish(first(), ANSWER);
        clock.advance(Duration.ofHours(24).minusSeconds(1));
        assertThat(service.claim("ann", KEY, REQUEST)).isInstanceOf(Claim.Replay.class);

        clock.advance(Duration.ofSeconds(1));

        assertThat(service.claim("ann", KEY, OTHER_REQUEST))
                .isInstanceOfSatisfying(Claim.First.class, claim -> assertThat(claim.subject()).isEmpty());
    }

    @Test
    void removesOnlyWhatHasExpired() {
        service.finish(first(), ANSWER);
        for (int i = 0; i < 25; i++) {
            service.claim("ann", "dead-" + i, REQUEST);
        }
        Claim.First running = (Claim.First) service.claim("ann", "long", REQUEST);
        clock.advance(Duration.ofHours(24));
        service.renew(running.ticket());
        service.claim("ann", "new", REQUEST);

        service.removeExpired();

        assertThat(text("SELECT count(*) FROM platform.idempotency_key")).isEqualTo("2");
        service.finish(running.ticket(), ANSWER);
    }

    @Test
    void keepsNoAnswerThatIsTooLargeButWhatWasMade() {
        StoredAnswer large = new StoredAnswer(200, Map.of(), new byte[65_537]);
        Ticket ticket = first();
        assertThatThrownBy(() -> service.finish(ticket, large)).isInstanceOf(IllegalArgumentException.class);
        service.bind(ticket, "job-1");

        service.finish(ticket, large);

        assertThat(service.claim("ann", KEY, REQUEST)).isInstanceOfSatisfying(Claim.First.class,
                claim -> assertThat(claim.subject()).contains("job-1"));
    }

    @Test
    void keepsTheHeadersOfTheAnswerAndNotThoseOfTheExchange() {
        StoredAnswer answer = new StoredAnswer(200,
                Map.of("content-type", "text/csv", "Set-Cookie", "a=b", "RateLimit", "x"), new byte[0]);

        assertThat(answer.headers()).isEqualTo(Map.of("content-type", "text/csv"));
    }

    @Test
    void isNotChangedThroughWhatItWasMadeOf() {
        byte[] body = {1, 2, 3};
        StoredAnswer answer = new StoredAnswer(200, Map.of(), body);
        body[0] = 9;
        answer.body()[1] = 9;

        assertThat(answer.body()).containsExactly(1, 2, 3);
    }

    @Test
    void tellsALogNeitherAnswersNorKeys() {
        Ticket ticket = first();

        assertThat(ANSWER.toString()).isEqualTo("StoredAnswer[status=202, body of 10 bytes]");
        assertThat(new Claim.First(ticket, Optional.empty()).toString()).doesNotContain(KEY, "ann");
    }

    private Ticket first() {
        return ((Claim.First) service.claim("ann", KEY, REQUEST)).ticket();
    }

    /** What became of each of so many calls: what was given, or the code of the problem. */
    private static List<Object> together(int callers, java.util.concurrent.Callable<Claim> call) throws Exception {
        CyclicBarrier start = new CyclicBarrier(callers);
        List<Object> results = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Object>> futures = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                futures.add(threads.submit(() -> {
                    start.await(30, TimeUnit.SECONDS);
                    try {
                        return call.call();
                    } catch (ProblemException problem) {
                        return problem.code();
                    }
                }));
            }
            for (Future<Object> future : futures) {
                results.add(future.get());
            }
        }
        return results;
    }

    private static void assertFault(ProblemCode code, org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        assertThatExceptionOfType(ProblemException.class).isThrownBy(call)
                .satisfies(problem -> assertThat(problem.code()).isEqualTo(code));
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
