package dev.tally.credits;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;

import javax.sql.DataSource;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.tally.platform.postgres.Statements;
import dev.tally.testsupport.LogLines;
import dev.tally.testsupport.ScratchDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/** The view is the real one, but for accounts that a test has made slow or unreadable. */
class LedgerCheckServiceTest {
    private static final DataSource DATABASE = ScratchDatabase.create("tally_ledger_check");
    private static final Books BOOKS = new Books(DATABASE);
    private static final String SLOW = "LOOP NULL; END LOOP";
    private static final String UNREADABLE = "RAISE EXCEPTION USING ERRCODE = 'XX001'";
    private static final String RIGHTLESS = "RAISE EXCEPTION USING ERRCODE = '42501'";

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final LogLines log = LogLines.of(LedgerCheckService.class.getName());

    /** @param maxSeconds of one look; each statement has one */
    private record Config(int maxAccounts, int maxSeconds) implements LedgerCheckConfig {
        @Override
        public String every() {
            return "off";
        }

        @Override
        public int maxStatementSeconds() {
            return 1;
        }
    }

    @BeforeEach
    void beginWithoutAccounts() {
        BOOKS.execute("""
                      SET session_replication_role = replica;
                      TRUNCATE public.users, public.credits, public.ledger_entries, public.usage_logs CASCADE;
                      SET session_replication_role = origin;
                      DROP FUNCTION IF EXISTS ledger.burden CASCADE;
                      CREATE OR REPLACE VIEW ledger.differences AS""" + " " + view("true"));
    }

    @AfterEach
    void stopListening() {
        log.close();
    }

    @Test
    void tellsOfEachDifferenceOnceUntilThereIsNoneAnyMore() {
        LedgerCheckService service = service(new Config(2, 60));
        account(10);
        long wrong = account(20);
        account(30);
        behindTheTriggers("UPDATE public.credits SET credits_balance = credits_balance + 1 WHERE user_id = " + wrong);

        round(service, 2);
        round(service, 2);

        assertThat(differences()).isOne();
        assertThat(log.lines()).singleElement().asString().contains("The balance of user " + wrong + " is not the sum");

        behindTheTriggers("UPDATE public.credits SET credits_balance = credits_balance - 1 WHERE user_id = " + wrong);
        round(service, 2);

        assertThat(differences()).isZero();
    }

    @Test
    void leavesOutAnAccountThatTakesTooLongAndTriesItAgainNextRound() {
        LedgerCheckService service = service(new Config(10, 60));
        account(10);
        long slow = account(20);
        long wrong = account(30);
        behindTheTriggers("UPDATE public.credits SET credits_balance = 31 WHERE user_id = " + wrong);
        burden(slow, SLOW);

        round(service, 1);

        assertThat(unchecked()).isOne();
        assertThat(differences()).isOne();
        assertThat(log.lines()).anySatisfy(line -> assertThat(line).contains("The balance of user " + slow
                + " was not compared with its ledger"));

        relieve();
        round(service, 1);

        assertThat(unchecked()).isZero();
        assertThat(differences()).isOne();
    }

    @Test
    void leavesOutAnAccountWhoseEntriesCannotBeRead() {
        LedgerCheckService service = service(new Config(10, 60));
        burden(account(10), UNREADABLE);
        behindTheTriggers("UPDATE public.credits SET credits_balance = 31 WHERE user_id = " + account(30));

        round(service, 1);
        round(service, 1);

        assertThat(unchecked()).isOne();
        assertThat(differences()).isOne();
        assertThat(log.lines()).filteredOn(line -> line.contains("was not compared with its ledger")).hasSize(1);
    }

    @Test
    void goesOnNextTimeWhereAnAccountHasTakenItsTime() {
        LedgerCheckService service = service(new Config(10, 1));
        burden(account(10), SLOW);
        behindTheTriggers("UPDATE public.credits SET credits_balance = 21 WHERE user_id = " + account(20));

        service.check();

        assertThat(unchecked()).isOne();
        assertThat(differences()).isZero();

        service.check();

        assertThat(differences()).isOne();
    }

    @Test
    void staysWhereItIsWhileTheDatabaseDoesNotLetItLook() {
        LedgerCheckService service = service(new Config(1, 60));
        account(10);
        long second = account(20);
        behindTheTriggers("UPDATE public.credits SET credits_balance = 21 WHERE user_id = " + second);
        service.check();
        burden(second, RIGHTLESS);

        service.check();
        service.check();

        assertThat(unchecked()).isZero();
        assertThat(differences()).isZero();
        assertThat(log.lines()).hasSize(2).allSatisfy(line -> assertThat(line).contains("Balances were not compared"));

        relieve();
        service.check();

        assertThat(differences()).isOne();
    }

    @Test
    void goesOnWhenTheWholeLedgerWasLockedForAWhile() throws SQLException {
        LedgerCheckService service = service(new Config(10, 1));
        account(10);
        behindTheTriggers("UPDATE public.credits SET credits_balance = 21 WHERE user_id = " + account(20));

        try (Connection other = DATABASE.getConnection(); Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("LOCK TABLE public.ledger_entries IN ACCESS EXCLUSIVE MODE");
            service.check();
            other.rollback();
        }

        assertThat(unchecked()).isOne();

        service.check();
        assertThat(differences()).isOne();

        service.check();
        round(service, 1);
        assertThat(unchecked()).isZero();
        assertThat(differences()).isOne();
    }

    private LedgerCheckService service(LedgerCheckConfig config) {
        return new LedgerCheckService(new LedgerCheckQueries(new Statements(DATABASE)), config, registry);
    }

    /** So many looks, and the one that finds that there are no accounts any more. */
    private static void round(LedgerCheckService service, int looks) {
        for (int look = 0; look <= looks; look++) {
            service.check();
        }
    }

    private static long account(long credits) {
        return BOOKS.user(UUID.randomUUID() + "@example.com", credits);
    }

    /** As an owner of the tables can, and should not. */
    private static void behindTheTriggers(String sql) {
        BOOKS.execute("SET session_replication_role = replica; " + sql + "; SET session_replication_role = origin");
    }

    /** Lets this happen whenever the ledger of a user is summed up. */
    private static void burden(long userId, String statement) {
        BOOKS.execute(
                "CREATE OR REPLACE FUNCTION ledger.burden(who bigint) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN"
                        + " IF who = " + userId + " THEN " + statement + "; END IF; RETURN true; END $$;"
                        + " CREATE OR REPLACE VIEW ledger.differences AS " + view("ledger.burden(c.user_id)"));
    }

    private static void relieve() {
        BOOKS.execute("CREATE OR REPLACE VIEW ledger.differences AS " + view("true"));
    }

    /** As the migration has it, with one more condition. */
    private static String view(String condition) {
        return """
               SELECT c.user_id, c.credits_balance, COALESCE(sum(e.amount), 0) AS ledger_sum, c.entries,
                      count(e.number) AS ledger_entries
                 FROM public.credits c LEFT JOIN public.ledger_entries e ON e.user_id = c.user_id
                WHERE""" + " " + condition
                + """

                   GROUP BY c.user_id
                  HAVING c.credits_balance <> COALESCE(sum(e.amount), 0) OR c.entries <> count(e.number)""";
    }

    private double differences() {
        return registry.get("tally.credits.ledger.differences").gauge().value();
    }

    private double unchecked() {
        return registry.get("tally.credits.ledger.unchecked").gauge().value();
    }
}
