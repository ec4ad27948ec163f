package dev.tally.credits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;

import javax.sql.DataSource;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.tally.platform.idempotency.StoredAnswer;
import dev.tally.platform.metering.Meter;
import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;
import dev.tally.testsupport.ScratchDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/** Answers that cannot be settled, because somebody holds their rows: those of others are charged, made and settled. */
@Timeout(60)
class HeldAnswersTest {
    private static final DataSource DATABASE = ScratchDatabase.create("tally_held_answers");
    private static final Books BOOKS = new Books(DATABASE);
    private static final CreditsForTests.Config CONFIG = new CreditsForTests.Config(512, 10_000, 2_000, 1_000);

    private final CreditsForTests credits = new CreditsForTests(DATABASE, Clock.systemUTC(), CONFIG);
    private final long stuck = account();
    private final long other = account();
    private Connection holder;

    @BeforeEach
    void takeAConnection() throws SQLException {
        holder = DATABASE.getConnection();
        holder.setAutoCommit(false);
    }

    @AfterEach
    void letGo() throws SQLException {
        holder.rollback();
        holder.setAutoCommit(true);
        holder.close();
        await().until(() -> credits.heldBytes.bytes() == 0);
    }

    @Test
    void chargesNothingWhileAllTheRoomIsTaken() {
        answerThatIsStuck(1_000);

        assertOverloaded(() -> answer(other, 1));

        assertThat(BOOKS.entries(other, "charge")).isZero();
    }

    @Test
    void givesBackAnAnswerForWhichThereIsNoRoomOnceItIsMade() throws InterruptedException {
        answerThatIsStuck(900);

        assertOverloaded(() -> answer(other, 101));
        assertThat(answer(other, 100).answer().body()).hasSize(100);

        assertThat(BOOKS.usages(other, "refunded")).isOne();
        assertThat(BOOKS.balance(other)).isEqualTo(9);
    }

    @Test
    void countsAnAnswerUntilNobodyHasIt() throws SQLException {
        answerThatIsStuck(900);

        assertThat(credits.heldBytes.bytes()).isEqualTo(900);
        holder.rollback();

        await().until(() -> credits.heldBytes.bytes() == 0);
    }

    @Test
    void takesAnAnswerThatIsAloneHoweverLargeItIs() throws InterruptedException {
        assertThat(answer(other, 5_000).answer().body()).hasSize(5_000);
    }

    @Test
    void countsNothingOfWhatIsRefusedOrFails() {
        HeldBytes held = new HeldBytes(CONFIG, new SimpleMeterRegistry());
        HeldBytes.Hold all = held.hold(1_000);
        HeldBytes.Hold shared = all.shared();

        assertOverloaded(() -> held.hold(1));
        assertOverloaded(() -> {
            held.requireRoom();
            return held;
        });
        assertThat(held.bytes()).isEqualTo(1_000);

        shared.close();
        assertThat(held.bytes()).isEqualTo(1_000);
        all.close();
        assertThat(held.bytes()).isZero();
        held.requireRoom();
    }

    /** Of a key, so that whoever settles has it too; who asked has given up meanwhile. */
    private void answerThatIsStuck(int sizeBytes) {
        assertOverloaded(() -> credits.meter.answer(
                new Meter.Order(stuck, "/query", "{}", 1, Meter.key(UUID.randomUUID().toString(), new byte[32])),
                () -> {
                    hold("SELECT FROM public.usage_logs WHERE user_id = " + stuck + " FOR UPDATE");
                    return delivery(sizeBytes);
                }));
    }

    private Meter.Result answer(long userId, int sizeBytes) throws InterruptedException {
        return credits.meter.answer(new Meter.Order(userId, "/query", "{}", 1, Optional.empty()),
                () -> delivery(sizeBytes));
    }

    private static Meter.Delivery delivery(int sizeBytes) {
        return new Meter.Delivery(new StoredAnswer(200, Map.of(), new byte[sizeBytes]), 1, 1);
    }

    private void hold(String sql) {
        try (Statement statement = holder.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long account() {
        return BOOKS.user(UUID.randomUUID() + "@example.com", 10);
    }

    private static void assertOverloaded(Callable<?> call) {
        assertThatThrownBy(call::call).isInstanceOfSatisfying(ProblemException.class,
                fault -> assertThat(fault.code()).isEqualTo(ProblemCode.OVERLOADED));
    }
}
