package dev.tally.credits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

import javax.sql.DataSource;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;

import dev.tally.platform.idempotency.StoredAnswer;
import dev.tally.platform.metering.Meter;
import dev.tally.platform.problem.DatabaseException;
import dev.tally.testsupport.ScratchDatabase;
import dev.tally.testsupport.SetClock;

@Timeout(60)
class LostConnectionTest {
    private static final String NAME = "tally_lost_connection";
    private static final DataSource DATABASE = ScratchDatabase.create(NAME);
    private static final Books BOOKS = new Books(DATABASE);
    private static final String CHARGE = "ledger.charge(";
    private static final String SETTLE = "ledger.settle";
    private static final String REFUND = "ledger.refund(";

    private final SetClock clock = new SetClock(Instant.parse("2025-03-01T12:00:00Z"));
    private final CutConnection connection = new CutConnection(ScratchDatabase.url(NAME));
    private final CreditsForTests credits = new CreditsForTests(connection.database(), clock);
    private long user;

    LostConnectionTest() throws IOException {}

    @BeforeEach
    void openAnAccount(TestInfo test) {
        user = BOOKS.user(test.getTestMethod().orElseThrow().getName() + "@example.com", 10);
    }

    @AfterEach
    void closeTheBooks() throws IOException {
        connection.close();
        BOOKS.assertRight();
    }

    private Meter.Result answer() throws InterruptedException {
        return credits.meter.answer(new Meter.Order(user, "/query", "{}", 4, Optional.empty()),
                () -> new Meter.Delivery(new StoredAnswer(200, Map.of(), new byte[0]), 1, 1));
    }

    private void failedAnswer() throws InterruptedException {
        Meter.Result unused = credits.meter.answer(new Meter.Order(user, "/query", "{}", 4, Optional.empty()), () -> {
            throw new IllegalStateException("the work");
        });
    }

    private void letTheLeaseEnd() {
        clock.advance(Duration.ofMinutes(3));
        credits.settling.settle();
    }

    @Test
    void chargesNothingWhenTheChargeIsLost() {
        connection.cutBefore(CHARGE);

        assertThatExceptionOfType(DatabaseException.class).isThrownBy(this::answer);

        assertThat(BOOKS.entries(user, "charge")).isZero();
        assertThat(BOOKS.balance(user)).isEqualTo(10);
    }

    @Test
    void givesBackAChargeOfWhichNobodyHeardOnceItIsDue() {
        connection.cutAfter(CHARGE);

        assertThatExceptionOfType(DatabaseException.class).isThrownBy(this::answer);

        assertThat(BOOKS.balance(user)).isEqualTo(6);
        credits.settling.settle();
        assertThat(BOOKS.balance(user)).isEqualTo(6);
        letTheLeaseEnd();
        assertThat(BOOKS.balance(user)).isEqualTo(10);
    }

    @Test
    void givesBackASettledChargeWhoseAnswerWasNotSent() {
        connection.cutAfter(SETTLE);

        assertThatExceptionOfType(DatabaseException.class).isThrownBy(this::answer);

        assertThat(BOOKS.usages(user, "refunded")).isEqualTo(1);
        assertThat(BOOKS.balance(user)).isEqualTo(10);
        credits.settling.settle();
        credits.settling.settle();
        assertThat(BOOKS.balance(user)).isEqualTo(10);
    }

    @Test
    void givesBackAChargeWhoseSettlementIsLost() {
        connection.cutBefore(SETTLE);

        assertThatExceptionOfType(DatabaseException.class).isThrownBy(this::answer);

        credits.settling.settle();
        letTheLeaseEnd();
        assertThat(BOOKS.balance(user)).isEqualTo(10);
    }

    @Test
    void remembersWhatItCouldNotGiveBackYet() {
        connection.cutAfter(SETTLE);
        connection.cutBefore(REFUND);
        assertThatExceptionOfType(DatabaseException.class).isThrownBy(this::answer);
        assertThat(BOOKS.usages(user, "answered")).isEqualTo(1);
        connection.cutBefore(REFUND);

        assertThatExceptionOfType(DatabaseException.class).isThrownBy(credits.settling::settle);

        assertThat(BOOKS.balance(user)).isEqualTo(6);
        credits.settling.settle();
        assertThat(BOOKS.balance(user)).isEqualTo(10);
    }

    @Test
    void saysWhyTheWorkFailedThoughTheRefundIsLostToo() {
        connection.cutBefore(REFUND);

        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(this::failedAnswer).withMessage("the work");

        assertThat(BOOKS.balance(user)).isEqualTo(6);
        letTheLeaseEnd();
        assertThat(BOOKS.balance(user)).isEqualTo(10);
    }

    @Test
    void givesBackOnceWhenNobodyHeardOfTheRefund() {
        connection.cutAfter(REFUND);

        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(this::failedAnswer);

        letTheLeaseEnd();
        assertThat(BOOKS.entries(user, "refund")).isEqualTo(1);
        assertThat(BOOKS.balance(user)).isEqualTo(10);
    }
}
