package dev.tally.credits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.LongStream;

import javax.sql.DataSource;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tally.credits.Charge.Outcome;
import dev.tally.credits.ChargeQueries.Refundable;
import dev.tally.credits.ChargeQueries.Terms;
import dev.tally.platform.idempotency.IdempotencyService.Ticket;
import dev.tally.platform.postgres.Statements;
import dev.tally.testsupport.ScratchDatabase;

class LedgerTest {
    private static final DataSource DATABASE = ScratchDatabase.create("tally_ledger");
    private static final Books BOOKS = new Books(DATABASE);
    private static final Instant NOW = Instant.parse("2025-03-01T12:00:00Z");
    private static final Instant DUE = NOW.plusSeconds(90);
    private static final Instant EXPIRY = NOW.plusSeconds(86_400);
    private static final Terms TERMS = new Terms(NOW, DUE, EXPIRY, OptionalLong.empty());
    private static final int USERS = 7;
    private static final int ROUNDS = 60;

    private final ChargeQueries queries = new ChargeQueries(new Statements(DATABASE));

    /** Accounts as anybody would keep them: one operation after the other. */
    private static final class Plain {
        private final Map<Long, Long> balances = new HashMap<>();
        private final Map<String, Long> keys = new HashMap<>();
        private final Map<Long, Charge> open = new HashMap<>();
        private final Map<Long, Charge> answered = new HashMap<>();

        Outcome charge(Charge charge, String key) {
            Long balance = balances.get(charge.userId());
            if (balance == null) {
                return Outcome.NO_ACCOUNT;
            }
            if (charge.key().isPresent() && keys.containsKey(key)) {
                return Outcome.KEY_TAKEN;
            }
            if (balance < charge.credits()) {
                return Outcome.INSUFFICIENT;
            }
            balances.put(charge.userId(), balance - charge.credits());
            return Outcome.CHARGED;
        }

        boolean refund(long usageId, boolean answeredToo) {
            Charge charge = open.remove(usageId);
            if (charge == null && answeredToo) {
                charge = answered.remove(usageId);
            } else {
                keys.values().remove(usageId);
            }
            if (charge == null) {
                return false;
            }
            balances.merge(charge.userId(), charge.credits(), Long::sum);
            return true;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void decidesAsIfOneAfterTheOther(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Plain plain = new Plain();
        List<Long> users = new ArrayList<>();
        for (int user = 0; user < USERS; user++) {
            long credits = random.nextLong(60);
            users.add(BOOKS.user("plain-" + seed + "-" + user + "@example.com", credits));
            plain.balances.put(users.getLast(), credits);
        }
        users.add(Long.MAX_VALUE);

        for (int round = 0; round < ROUNDS; round++) {
            chargeSome(random, users, plain);
            settleSome(random, plain);
            refundSome(random, plain);
            addOrChange(random, users, plain);
        }

        plain.balances.forEach((user, balance) -> assertThat(BOOKS.balance(user)).isEqualTo(balance));
        BOOKS.assertRight();
    }

    private void chargeSome(SplittableRandom random, List<Long> users, Plain plain) {
        List<Charge> charges = new ArrayList<>();
        List<String> keys = new ArrayList<>();
        for (int i = random.nextInt(1, 40); i > 0; i--) {
            long user = users.get(random.nextInt(users.size()));
            int key = random.nextInt(20);
            keys.add(user + "/" + key);
            charges.add(new Charge(user, random.nextLong(1, 9), "/query", "{}",
                    random.nextInt(3) == 0 ? Optional.of(key(user, key)) : Optional.empty()));
        }

        List<Charge.Decision> decisions = queries.charge(charges, TERMS);

        for (int at = 0; at < charges.size(); at++) {
            Charge charge = charges.get(at);
            Charge.Decision decision = decisions.get(at);
            assertThat(decision.outcome()).isEqualTo(plain.charge(charge, keys.get(at)));
            assertThat(decision.available()).isEqualTo(plain.balances.getOrDefault(charge.userId(), 0L));
            if (decision.outcome() == Outcome.CHARGED) {
                plain.open.put(decision.usageId(), charge);
                if (charge.key().isPresent()) {
                    plain.keys.put(keys.get(at), decision.usageId());
                }
            }
        }
    }

    private void settleSome(SplittableRandom random, Plain plain) {
        List<Long> some = some(random, plain);

        Set<Long> settled = queries
                .settle(some.stream().map(id -> new Settlement(id, 3, 12, Optional.empty())).toList());

        Set<Long> expected = new HashSet<>(some);
        expected.retainAll(plain.open.keySet());
        assertThat(settled).isEqualTo(expected);
        // Their keys stay taken, as that of an answer would.
        settled.forEach(id -> plain.answered.put(id, plain.open.remove(id)));
    }

    private void refundSome(SplittableRandom random, Plain plain) {
        boolean answeredToo = random.nextBoolean();
        List<Long> some = some(random, plain).stream()
                // Whose answer has gone out with a key is never given back.
                .filter(id -> !(answeredToo && plain.keys.containsValue(id))).toList();

        Set<Long> refunded = queries.refund(some, answeredToo ? Refundable.OPEN_OR_ANSWERED : Refundable.OPEN, NOW);

        Set<Long> expected = new HashSet<>();
        for (long id : some) {
            if ((plain.open.containsKey(id) || answeredToo) && plain.refund(id, answeredToo)) {
                expected.add(id);
            }
        }
        assertThat(refunded).isEqualTo(expected);
    }

    private static void addOrChange(SplittableRandom random, List<Long> users, Plain plain) {
        long user = users.get(random.nextInt(USERS));
        long amount = random.nextLong(1, 50);
        if (random.nextBoolean()) {
            assertThat(BOOKS.number("SELECT ledger.add(" + user + ", 'topup', " + amount + ", 'test', now())"))
                    .isEqualTo(plain.balances.merge(user, amount, Long::sum));
        } else {
            BOOKS.execute("UPDATE public.credits SET credits_balance = " + amount + " WHERE user_id = " + user);
            plain.balances.put(user, amount);
        }
    }

    /** Ids of charges, some of them twice, and some that there are not. */
    private static List<Long> some(SplittableRandom random, Plain plain) {
        List<Long> some = new ArrayList<>();
        LongStream.concat(LongStream.of(Long.MAX_VALUE), LongStream.concat(
                plain.open.keySet().stream().mapToLong(Long::longValue),
                plain.answered.keySet().stream().mapToLong(Long::longValue))).forEach(id -> {
                    if (random.nextInt(3) == 0) {
                        some.add(id);
                        if (random.nextInt(4) == 0) {
                            some.add(id);
                        }
                    }
                });
        return some;
    }

    private static Charge.Key key(long user, int key) {
        byte[] hash = new byte[32];
        hash[0] = (byte) key;
        return new Charge.Key(new Ticket("user:" + user, hash, UUID.randomUUID()), new byte[32]);
    }

    @Test
    void bringsTheKeyBackWithTheCredits() {
        long user = BOOKS.user("key-back@example.com", 10);
        Charge charge = new Charge(user, 4, "/query", "{}", Optional.of(key(user, 1)));
        long usage = queries.charge(List.of(charge), TERMS).getFirst().usageId();

        queries.refund(List.of(usage), Refundable.OPEN, NOW);

        assertThat(queries.charge(List.of(charge), TERMS).getFirst().outcome()).isEqualTo(Outcome.CHARGED);
        assertThat(BOOKS.number("SELECT credits_used FROM public.usage_logs WHERE id = " + usage)).isZero();
    }

    @Test
    void givesAnExpiredKeyToTheNextCharge() {
        long user = BOOKS.user("expired-key@example.com", 10);
        Charge charge = new Charge(user, 4, "/query", "{}", Optional.of(key(user, 1)));
        queries.charge(List.of(charge), TERMS);

        Terms later = new Terms(EXPIRY, EXPIRY.plusSeconds(90), EXPIRY.plusSeconds(86_400), OptionalLong.empty());

        assertThat(queries.charge(List.of(charge), later).getFirst().outcome()).isEqualTo(Outcome.CHARGED);
    }

    @Test
    void notesABalanceThatGetsLowAndNotOneThatIs() {
        long user = BOOKS.user("low@example.com", 14);
        Terms terms = new Terms(NOW, DUE, EXPIRY, OptionalLong.of(10));
        Charge charge = CreditsForTests.charge(user, 4);

        queries.charge(List.of(charge, charge, charge), terms);

        assertThat(BOOKS.number("SELECT credits FROM ledger.low_balance WHERE user_id = " + user)).isEqualTo(6);
        assertThat(BOOKS.number("SELECT count(*) FROM ledger.low_balance WHERE user_id = " + user)).isEqualTo(1);
    }

    @Test
    void booksABalanceThatIsChangedByHandAsAnAdjustment() {
        long user = BOOKS.user("by-hand@example.com", 10);

        BOOKS.execute("UPDATE public.credits SET credits_balance = 25 WHERE user_id = " + user);
        BOOKS.execute("UPDATE public.credits SET credits_balance = 25 WHERE user_id = " + user);

        assertThat(BOOKS.entries(user, "adjustment")).isEqualTo(2);
        assertThat(BOOKS.number("SELECT amount FROM public.ledger_entries WHERE number = 2 AND user_id = " + user))
                .isEqualTo(15);
        BOOKS.assertRight();
    }

    @ParameterizedTest
    @ValueSource(strings = {"DO NOTHING", "DO UPDATE SET credits_balance = excluded.credits_balance"})
    void keepsTheBooksWhenAccountsAreUpsertedByHand(String conflict) {
        long empty = BOOKS.user("empty-" + UUID.randomUUID() + "@example.com", 0);
        long used = BOOKS.user("used-" + UUID.randomUUID() + "@example.com", 10);

        BOOKS.execute("INSERT INTO public.credits (user_id, credits_balance) VALUES (" + empty + ", 500), (" + used
                + ", 500) ON CONFLICT (user_id) " + conflict);

        BOOKS.assertRight();
        BOOKS.execute("UPDATE public.credits SET credits_balance = credits_balance + 1 WHERE user_id IN (" + empty
                + ", " + used + ")");
        BOOKS.assertRight();
    }

    @ParameterizedTest
    @ValueSource(strings = {"UPDATE public.ledger_entries SET amount = amount + 1",
            "DELETE FROM public.ledger_entries", "TRUNCATE public.ledger_entries", "DELETE FROM public.credits",
            "TRUNCATE public.credits CASCADE", "DELETE FROM public.users",
            "UPDATE public.credits SET user_id = user_id + 1000000",
            "UPDATE public.credits SET credits_balance = -1", "UPDATE public.credits SET entries = entries - 1",
            "INSERT INTO public.ledger_entries (user_id, number, created_at, kind, amount, balance_after, reference)"
                    + " SELECT user_id, entries + 1, now(), 'topup', 5, credits_balance + 5, '' FROM public.credits",
            "UPDATE public.credits SET credits_balance = credits_balance + 1, entries = entries + 1",
            "INSERT INTO public.ledger_entries (user_id, number, created_at, kind, amount, balance_after, reference)"
                    + " SELECT user_id, entries + 1, now(), 'topup', 5, 1000000, '' FROM public.credits"})
    void letsNobodyFalsifyTheBooks(String sql) {
        BOOKS.user("honest-" + UUID.randomUUID() + "@example.com", 10);

        assertThatThrownBy(() -> BOOKS.execute(sql)).hasRootCauseInstanceOf(java.sql.SQLException.class);

        BOOKS.assertRight();
    }
}
