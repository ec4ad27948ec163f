package dev.tally.credits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import javax.sql.DataSource;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tally.credits.Charge.Outcome;
import dev.tally.platform.idempotency.IdempotencyService.Ticket;
import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;
import dev.tally.testsupport.ScratchDatabase;

@Timeout(120)
class ChargerTest {
    private static final DataSource DATABASE = ScratchDatabase.create("tally_charger");
    private static final Books BOOKS = new Books(DATABASE);
    private static final Clock CLOCK = Clock.systemUTC();

    private final CreditsForTests replica = new CreditsForTests(DATABASE, CLOCK);
    private final CreditsForTests otherReplica = new CreditsForTests(DATABASE, CLOCK);

    @Test
    void chargesTwentyOfFiftyThatAskABalanceForTwenty() throws Exception {
        long user = BOOKS.user("twenty@example.com", 20);

        List<Outcome> outcomes = together(50, client -> (client % 2 == 0 ? replica : otherReplica).charger
                .charge(CreditsForTests.charge(user, 1)).outcome());

        assertThat(outcomes).filteredOn(Outcome.CHARGED::equals).hasSize(20);
        assertThat(outcomes).filteredOn(Outcome.INSUFFICIENT::equals).hasSize(30);
        assertThat(BOOKS.balance(user)).isZero();
        assertThat(BOOKS.entries(user, "charge")).isEqualTo(20);
    }

    @Test
    void chargesOneOfManyWithTheSameKey() throws Exception {
        long user = BOOKS.user("same-key@example.com", 100);

        List<Outcome> outcomes = together(30, client -> (client % 2 == 0 ? replica : otherReplica).charger
                .charge(new Charge(user, 3, "/query", "{}", Optional.of(key(user, 1)))).outcome());

        assertThat(outcomes).filteredOn(Outcome.CHARGED::equals).hasSize(1);
        assertThat(outcomes).filteredOn(Outcome.KEY_TAKEN::equals).hasSize(29);
        assertThat(BOOKS.balance(user)).isEqualTo(97);
    }

    @Test
    void decidesTheChargesOfAUserInTheirOrder() throws Exception {
        long user = BOOKS.user("order@example.com", 10);
        try (Connection held = DATABASE.getConnection(); Statement statement = held.createStatement()) {
            held.setAutoCommit(false);
            statement.execute("SELECT FROM public.credits WHERE user_id = " + user + " FOR UPDATE");
            GroupCommit<Charge, Charge.Decision> charges = new GroupCommit<>("test",
                    new GroupCommit.Bounds(new Lanes.Bounds(2, 3, 100, 1, 0), 10_000, 5), replica.service::charge,
                    (charge, decision) -> {});
            var decisions = LongStream.of(4, 7, 3, 9, 2, 2, 1)
                    .mapToObj(credits -> charges.submit(user, CreditsForTests.charge(user, credits))).toList();

            held.rollback();
            held.setAutoCommit(true);

            List<Long> available = new ArrayList<>();
            for (var each : decisions) {
                available.add(each.get().available());
            }
            // 4 of 10; 7 of 6 not; 3; 9 of 3 not; 2; 2 of 1 not; 1.
            assertThat(available).containsExactly(6L, 6L, 3L, 3L, 1L, 1L, 0L);
        }
    }

    @Test
    void leavesOutAnAccountThatSomebodyHolds() throws Exception {
        long held = BOOKS.user("held@example.com", 10);
        long free = BOOKS.user("free@example.com", 10);
        long heldUsage = replica.charger.charge(CreditsForTests.charge(held, 1)).usageId();
        long freeUsage = replica.charger.charge(CreditsForTests.charge(free, 1)).usageId();
        try (Connection holder = DATABASE.getConnection(); Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("SELECT FROM public.credits WHERE user_id = " + held + " FOR UPDATE");
            GroupCommit<Charge, Charge.Decision> charges = new GroupCommit<>("test",
                    new GroupCommit.Bounds(new Lanes.Bounds(1, 100, 100, 1, 0), 10_000, 5), replica.service::charge,
                    (charge, decision) -> {});

            var decisions = LongStream.of(held, free, held, free)
                    .mapToObj(user -> charges.submit(user, CreditsForTests.charge(user, 2))).toList();
            List<Object> outcomes = new ArrayList<>();
            for (var each : decisions) {
                outcomes.add(each.handle((decision, fault) -> fault == null
                        ? decision.outcome()
                        : ((ProblemException) fault).code()).get());
            }
            int refunded = replica.service.refundUnlocked(List.of(heldUsage, freeUsage));

            assertThat(outcomes).containsExactly(ProblemCode.OVERLOADED, Outcome.CHARGED, ProblemCode.OVERLOADED,
                    Outcome.CHARGED);
            assertThat(refunded).isOne();
            holder.rollback();
            holder.setAutoCommit(true);
        }

        assertThat(BOOKS.balance(held)).isEqualTo(9);
        assertThat(BOOKS.balance(free)).isEqualTo(6);
        assertThat(BOOKS.entries(free, "refund")).isOne();
        assertThat(replica.service.refundUnlocked(List.of(heldUsage, freeUsage))).isOne();
        BOOKS.assertRight();
    }

    @Test
    void givesBackWhatWasChargedForOneThatHasGone() throws Exception {
        long user = BOOKS.user("gone@example.com", 10);
        AtomicInteger interrupted = new AtomicInteger();
        try (Connection held = DATABASE.getConnection(); Statement statement = held.createStatement()) {
            held.setAutoCommit(false);
            statement.execute("SELECT FROM public.credits WHERE user_id = " + user + " FOR UPDATE");
            Thread caller = Thread.ofVirtual().start(() -> {
                try {
                    Charge.Decision unused = replica.charger.charge(CreditsForTests.charge(user, 4));
                } catch (InterruptedException e) {
                    interrupted.incrementAndGet();
                }
            });
            await().until(() -> BOOKS.number("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
                    + " AND datname = current_database()") == 1);

            caller.interrupt();
            caller.join();
            held.rollback();
            held.setAutoCommit(true);
        }

        await().until(() -> BOOKS.entries(user, "refund") == 1);
        assertThat(interrupted).hasValue(1);
        assertThat(BOOKS.balance(user)).isEqualTo(10);
        BOOKS.assertRight();
    }

    @Test
    void givesAChargeBackOrSettlesItNeverBoth() throws Exception {
        long user = BOOKS.user("race@example.com", 1_000);
        for (int round = 0; round < 50; round++) {
            long usage = replica.charger.charge(CreditsForTests.charge(user, 1)).usageId();

            List<Boolean> won = together(3, client -> switch (client) {
                case 0 -> replica.charger.settle(user, new Settlement(usage, 1, 1, Optional.empty()));
                case 1 -> replica.charger.refund(user, usage).get();
                default -> otherReplica.charger.refund(user, usage).get();
            });

            assertThat(won).containsOnlyOnce(true);
        }
        assertThat(BOOKS.usages(user, "open")).isZero();
        BOOKS.assertRight();
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12})
    void keepsTheBooksRightWhateverHappensAtOnce(long seed) throws Exception {
        List<Long> users = IntStream.range(0, 6)
                .mapToObj(user -> BOOKS.user("random-" + seed + "-" + user + "@example.com", 50)).toList();
        AtomicInteger charged = new AtomicInteger();

        List<Integer> done = together(8, client -> {
            SplittableRandom random = new SplittableRandom(seed * 100 + client);
            CreditsForTests own = client % 2 == 0 ? replica : otherReplica;
            int operations = 0;
            for (; operations < 150; operations++) {
                long user = users.get(random.nextInt(users.size()));
                switch (random.nextInt(8)) {
                    case 0 -> BOOKS.execute("SELECT ledger.add(" + user + ", 'topup', 5, 'test', now())");
                    case 1 -> BOOKS.execute(
                            "UPDATE public.credits SET credits_balance = credits_balance + 3 WHERE user_id = " + user);
                    default -> {
                        Charge.Decision decision = own.charger.charge(randomCharge(random, user));
                        if (decision.outcome() == Outcome.CHARGED) {
                            charged.incrementAndGet();
                            end(random, own, user, decision.usageId());
                        }
                    }
                }
            }
            return operations;
        });

        assertThat(done).containsOnly(150);
        assertThat(users.stream().mapToLong(user -> BOOKS.entries(user, "charge")).sum()).isEqualTo(charged.get());
        BOOKS.assertRight();
    }

    private static Charge randomCharge(SplittableRandom random, long user) {
        Optional<Charge.Key> key = random.nextBoolean() ? Optional.of(key(user, random.nextInt(40))) : Optional.empty();
        return new Charge(user, random.nextLong(1, 6), "/query", "{}", key);
    }

    private static void end(SplittableRandom random, CreditsForTests replica, long user, long usage) throws Exception {
        switch (random.nextInt(3)) {
            case 0 -> assertThat(replica.charger.settle(user, new Settlement(usage, 1, 1, Optional.empty()))).isTrue();
            case 1 -> assertThat(replica.charger.refund(user, usage).get()).isTrue();
            default -> assertThat(BOOKS.usages(user, "open")).isPositive();
        }
    }

    private static Charge.Key key(long user, int key) {
        byte[] hash = new byte[32];
        hash[0] = (byte) key;
        return new Charge.Key(new Ticket("user:" + user, hash, UUID.randomUUID()), new byte[32]);
    }

    @FunctionalInterface
    private interface Client<T> {
        T run(int number) throws Exception;
    }

    /** Lets so many begin at the same time. */
    private static <T> List<T> together(int clients, Client<T> client) throws Exception {
        CyclicBarrier begin = new CyclicBarrier(clients);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<T>> tasks = IntStream.range(0, clients).<Callable<T>>mapToObj(number -> () -> {
                begin.await();
                return client.run(number);
            }).toList();
            List<T> results = new ArrayList<>();
            for (Future<T> each : threads.invokeAll(tasks)) {
                results.add(each.get());
            }
            return results;
        }
    }
}
