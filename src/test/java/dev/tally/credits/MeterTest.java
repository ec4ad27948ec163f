package dev.tally.credits;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import jakarta.inject.Inject;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;

import dev.tally.platform.idempotency.StoredAnswer;
import dev.tally.platform.metering.Meter;
import dev.tally.platform.metering.Meter.Delivery;
import dev.tally.platform.metering.Meter.Order;
import dev.tally.platform.metering.Meter.Result;
import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;
import dev.tally.testsupport.PostgresForTests;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;

/** In the application, with its transactions. */
@QuarkusTest
@TestProfile(MeterTest.TellsOfLowBalances.class)
@Timeout(60)
class MeterTest {
    private static final byte[] REQUEST = new byte[32];
    private static final StoredAnswer ANSWER = new StoredAnswer(200, Map.of("Content-Type", "application/json"),
            "{\"data\":[]}".getBytes(UTF_8));
    private static final int KEPT_BYTES = 2_097_152;

    @Inject
    Meter meter;

    @Inject
    SettlingService settling;

    @Inject
    LowBalanceService lowBalance;

    private final Books books = new Books(PostgresForTests.dataSource());
    private long user;

    /** With somebody to tell, and nobody but the test who sweeps. */
    public static final class TellsOfLowBalances implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("tally.credits.low-balance.callback-url", "https://localhost:9/low",
                    "tally.credits.sweep-every", "off");
        }
    }

    @BeforeEach
    void openAnAccount(TestInfo test) {
        user = books.user(test.getTestMethod().orElseThrow().getName() + "@example.com", 100);
    }

    private Order order(long credits) {
        return new Order(user, "/query", "{\"limit\":100}", credits, Optional.empty());
    }

    private Order order(long credits, String key, byte[] request) {
        return new Order(user, "/query", "{}", credits, Meter.key(key, request));
    }

    private static Delivery delivery() {
        return new Delivery(ANSWER, 12, 34);
    }

    private static void assertFault(ProblemCode code, Callable<Result> call) {
        assertThatThrownBy(call::call).isInstanceOfSatisfying(ProblemException.class,
                fault -> assertThat(fault.code()).isEqualTo(code));
    }

    @Test
    void chargesAnAnswerAndLogsIt() throws Exception {
        Result result = meter.answer(order(7), MeterTest::delivery);

        assertThat(result).isEqualTo(new Result(ANSWER, false));
        assertThat(meter.available(user)).isEqualTo(93);
        assertThat(books.number("SELECT records_returned * 1000000 + credits_used * 1000 + response_time_ms"
                + " FROM public.usage_logs WHERE state = 'answered' AND user_id = " + user)).isEqualTo(12_007_034);
        books.assertRight();
    }

    @Test
    void doesNothingThatIsNotPaidFor() {
        AtomicInteger runs = new AtomicInteger();

        assertThatThrownBy(() -> meter.answer(order(101, "key", REQUEST), () -> {
            runs.incrementAndGet();
            return delivery();
        })).isInstanceOfSatisfying(ProblemException.class, fault -> {
            assertThat(fault.code()).isEqualTo(ProblemCode.CREDITS_INSUFFICIENT);
            assertThat(fault.extensions()).containsEntry("error", "Insufficient Credits")
                    .containsEntry("required", 101L).containsEntry("available", 100L);
        });

        assertThat(runs).hasValue(0);
        assertThat(books.entries(user, "charge")).isZero();
        assertThat(books.number("SELECT count(*) FROM platform.idempotency_key WHERE caller = 'user:" + user + "'"))
                .isZero();
    }

    @Test
    void hasNothingForAUserWithoutAnAccount() {
        assertThat(meter.available(Long.MAX_VALUE)).isZero();
        assertFault(ProblemCode.CREDITS_INSUFFICIENT, () -> meter
                .answer(new Order(Long.MAX_VALUE, "/query", "{}", 1, Optional.empty()), MeterTest::delivery));
    }

    @Test
    void givesBackWhatFailsBeforeItIsHeardOf() {
        for (Throwable fault : List.of(new ProblemException(ProblemCode.RECORDS_UNAVAILABLE, "Gone."),
                new IllegalStateException("ours"), new StackOverflowError(), new InterruptedException())) {
            assertThatThrownBy(() -> meter.answer(order(5, "key", REQUEST), () -> {
                MeterTest.<RuntimeException>sneak(fault);
                return delivery();
            })).isSameAs(fault);

            assertThat(meter.available(user)).isEqualTo(100);
        }
        assertThat(books.usages(user, "refunded")).isEqualTo(4);
        books.assertRight();
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable fault) throws T {
        throw (T) fault;
    }

    @Test
    void replaysTheAnswerOfAKeyAndChargesOnce() throws Exception {
        Result first = meter.answer(order(5, "key", REQUEST), MeterTest::delivery);

        Result second = meter.answer(order(5, "key", REQUEST), () -> {
            throw new IllegalStateException("Done twice");
        });

        assertThat(first.replayed()).isFalse();
        assertThat(second).isEqualTo(new Result(ANSWER, true));
        assertThat(meter.available(user)).isEqualTo(95);
    }

    @Test
    void refusesAKeyWithAnotherRequestOrWhileItsRequestRuns() throws Exception {
        byte[] other = new byte[32];
        other[0] = 1;

        Result result = meter.answer(order(5, "key", REQUEST), () -> {
            assertFault(ProblemCode.IDEMPOTENCY_KEY_IN_USE,
                    () -> meter.answer(order(5, "key", REQUEST), MeterTest::delivery));
            return delivery();
        });

        assertThat(result.replayed()).isFalse();
        assertFault(ProblemCode.IDEMPOTENCY_KEY_REUSED,
                () -> meter.answer(order(5, "key", other), MeterTest::delivery));
        assertFault(ProblemCode.IDEMPOTENCY_KEY_INVALID,
                () -> meter.answer(order(5, "two words", REQUEST), MeterTest::delivery));
        assertThat(meter.available(user)).isEqualTo(95);
    }

    @Test
    void doesNotKeepAnAnswerThatIsTooLarge() throws Exception {
        Delivery large = new Delivery(new StoredAnswer(200, Map.of(), new byte[KEPT_BYTES + 1]), 1, 1);

        assertFault(ProblemCode.ANSWER_TOO_LARGE, () -> meter.answer(order(5, "key", REQUEST), () -> large));

        assertThat(meter.available(user)).isEqualTo(100);
        assertThat(meter.answer(order(5), () -> large).answer()).isEqualTo(large.answer());
    }

    @Test
    void sendsNoAnswerWhoseChargeWasGivenBackMeanwhile() {
        assertFault(ProblemCode.CHARGE_EXPIRED, () -> meter.answer(order(5, "key", REQUEST), () -> {
            books.letChargesBeDue(user);
            settling.settle();
            return delivery();
        }));

        assertThat(meter.available(user)).isEqualTo(100);
        books.assertRight();
    }

    @Test
    void leavesChargesAloneThatAreNotDue() throws Exception {
        meter.answer(order(5), () -> {
            settling.settle();
            return delivery();
        });

        assertThat(meter.available(user)).isEqualTo(95);
    }

    @Test
    void givesBackWhatADeadProcessHasLeftAndItsKey() throws Exception {
        books.execute("SELECT ledger.charge(ARRAY[" + user + "], ARRAY[5], ARRAY['/query'], ARRAY['{}'],"
                + " ARRAY[sha256('key')], ARRAY[decode('" + "00".repeat(32) + "', 'hex')], ARRAY[gen_random_uuid()],"
                + " now(), now(), now() + interval '1 day', NULL)");
        assertFault(ProblemCode.IDEMPOTENCY_KEY_IN_USE,
                () -> meter.answer(order(5, "key", REQUEST), MeterTest::delivery));

        settling.settle();

        assertThat(meter.available(user)).isEqualTo(100);
        assertThat(meter.answer(order(5, "key", REQUEST), MeterTest::delivery).replayed()).isFalse();
        books.assertRight();
    }

    @Test
    void answersTwentyOfFiftyThatAskABalanceForTwenty() throws Exception {
        books.execute("UPDATE public.credits SET credits_balance = 20 WHERE user_id = " + user);
        CyclicBarrier begin = new CyclicBarrier(50);
        List<Object> results = new ArrayList<>();

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Object>> tasks = IntStream.range(0, 50).<Callable<Object>>mapToObj(client -> () -> {
                begin.await();
                try {
                    return meter.answer(order(1, "key-" + client, REQUEST), MeterTest::delivery);
                } catch (ProblemException e) {
                    return e.code();
                }
            }).toList();
            for (Future<Object> each : threads.invokeAll(tasks)) {
                results.add(each.get());
            }
        }

        assertThat(results).filteredOn(Result.class::isInstance).hasSize(20);
        assertThat(results).filteredOn(ProblemCode.CREDITS_INSUFFICIENT::equals).hasSize(30);
        assertThat(meter.available(user)).isZero();
        books.assertRight();
    }

    @Test
    void tellsOnceOfABalanceThatGetsLow() throws Exception {
        meter.answer(order(90), MeterTest::delivery);
        meter.answer(order(1), MeterTest::delivery);
        meter.answer(order(1), MeterTest::delivery);

        lowBalance.tell();
        lowBalance.tell();

        String events = " FROM platform.webhook_delivery WHERE reference = 'user:" + user + "'";
        assertThat(books.number("SELECT count(*)" + events)).isEqualTo(1);
        assertThat(books.number("SELECT (convert_from(body, 'UTF8')::jsonb -> 'data' ->> 'credits')::bigint" + events))
                .isEqualTo(9);
    }

    @Test
    void givesBackWhatWasChargedWhenTheConnectionIsCutWhileItSettles() {
        assertThatThrownBy(() -> meter.answer(order(5), () -> {
            books.execute("CREATE FUNCTION public.cut() RETURNS trigger LANGUAGE plpgsql AS"
                    + " 'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END'");
            books.execute(
                    "CREATE TRIGGER cut BEFORE UPDATE ON public.usage_logs FOR EACH ROW WHEN (NEW.user_id = " + user
                            + " AND NEW.state = 'answered') EXECUTE FUNCTION public.cut()");
            return delivery();
        })).isInstanceOf(RuntimeException.class);

        books.execute("DROP TRIGGER cut ON public.usage_logs");
        books.execute("DROP FUNCTION public.cut()");
        await().ignoreExceptions().until(() -> {
            settling.settle();
            return meter.available(user) == 100;
        });
        books.assertRight();
    }
}
