package dev.tally.platform.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.logging.Level;

import javax.sql.DataSource;

import org.jboss.logmanager.LogContext;
import org.jboss.logmanager.Logger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.tally.platform.postgres.Statements;
import dev.tally.platform.problem.ProblemException;
import dev.tally.testsupport.ScratchDatabase;
import dev.tally.testsupport.SetClock;

/** Two processes on one database, each with the log of its own. */
class LogLevelServiceTest {
    private static final DataSource DATABASE = ScratchDatabase.create("tally_log_levels");
    private static final String CATEGORY = "dev.tally.reports";
    private static final LogLevelRequest DEBUG = new LogLevelRequest("debug", 10);

    private final SetClock clock = new SetClock(Instant.parse("2025-03-01T12:00:00Z"));
    private final LogContext here = LogContext.create();
    private final LogContext there = LogContext.create();
    private final LogLevelService one = service(here);
    private final LogLevelService other = service(there);

    @BeforeEach
    void begin() {
        execute("DELETE FROM platform.log_level");
        for (LogContext context : List.of(here, there)) {
            context.getLogger("").setLevel(org.jboss.logmanager.Level.INFO);
        }
    }

    @Test
    void changesThisProcessAtOnceAndTheOthersWhenTheyLook() {
        one.set(CATEGORY, DEBUG, "admin");

        assertThat(isDebug(here)).isTrue();
        assertThat(isDebug(there)).isFalse();
        other.refresh();
        assertThat(isDebug(there)).isTrue();
        assertThat(here.getLogger("dev.tally.calls").isLoggable(org.jboss.logmanager.Level.DEBUG)).isFalse();
    }

    @Test
    void goesBackInEveryProcessWhenItIsSetBackAtAny() {
        one.set(CATEGORY, DEBUG, "admin");
        other.refresh();

        other.reset(CATEGORY, "admin");
        one.refresh();

        assertThat(isDebug(here)).isFalse();
        assertThat(isDebug(there)).isFalse();
        assertThat(one.list()).isEmpty();
    }

    @Test
    void goesBackByItselfToWhatItWas() {
        here.getLogger(CATEGORY).setLevel(org.jboss.logmanager.Level.WARN);
        one.set(CATEGORY, DEBUG, "admin");
        one.set(CATEGORY, new LogLevelRequest("error", 10), "admin");

        clock.advance(Duration.ofMinutes(10));
        one.refresh();

        assertThat(here.getLogger(CATEGORY).getLevel()).isEqualTo(org.jboss.logmanager.Level.WARN);
        assertThat(one.list()).isEmpty();
    }

    @Test
    void goesBackAlsoWhenTheDatabaseDoesNotAnswer() {
        one.set(CATEGORY, DEBUG, "admin");
        execute("ALTER TABLE platform.log_level RENAME TO away");
        try {
            one.refresh();
            assertThat(isDebug(here)).isTrue();

            clock.advance(Duration.ofMinutes(10));
            one.refresh();

            assertThat(isDebug(here)).isFalse();
        } finally {
            execute("ALTER TABLE platform.away RENAME TO log_level");
        }
    }

    /** Loggers that nobody holds are collected, and their levels with them. */
    @Test
    void holdsWhatItHasChanged() {
        String unused = "dev.tally.reports.NobodyHoldsThis";
        one.set(unused, DEBUG, "admin");

        System.gc();

        assertThat(here.getLogger(unused).getLevel()).isEqualTo(org.jboss.logmanager.Level.DEBUG);
    }

    @Test
    void doesNotFollowWhatWasSetPastTheRules() {
        execute("INSERT INTO platform.log_level VALUES ('io.quarkus.elytron.security.properties', 'debug', "
                + "'2025-03-01T13:00:00Z', 'somebody', '2025-03-01T12:00:00Z')");

        one.refresh();

        assertThat(here.getLogger("io.quarkus.elytron.security.properties")
                .isLoggable(org.jboss.logmanager.Level.DEBUG)).isFalse();
    }

    @Test
    void changesSoManyAtATimeOnly() {
        one.set("dev.tally.calls", DEBUG, "admin");
        one.set("dev.tally.credits", DEBUG, "admin");

        assertThatThrownBy(() -> one.set(CATEGORY, DEBUG, "admin")).isInstanceOf(ProblemException.class);
        one.set("dev.tally.calls", DEBUG, "admin");
        clock.advance(Duration.ofMinutes(10));
        one.set(CATEGORY, DEBUG, "admin");

        assertThat(one.list()).extracting(LogLevel::category).containsExactly(CATEGORY);
    }

    private static boolean isDebug(LogContext context) {
        Logger logger = context.getLogger(CATEGORY + ".ReportRunner");
        Level debug = org.jboss.logmanager.Level.DEBUG;
        return logger.isLoggable(debug);
    }

    private LogLevelService service(LogContext context) {
        return new LogLevelService(new LogLevelQueries(new Statements(DATABASE)), new Config(), clock, context);
    }

    private static void execute(String sql) {
        try (Connection connection = DATABASE.getConnection(); Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class Config implements LogLevelsConfig {
        @Override
        public List<String> categories() {
            // More than it should be: those that write secrets are refused all the same.
            return List.of("dev.tally", "io.quarkus.elytron");
        }

        @Override
        public int defaultMinutes() {
            return 15;
        }

        @Override
        public int maxMinutes() {
            return 60;
        }

        @Override
        public int maxChanged() {
            return 2;
        }

        @Override
        public String refreshEvery() {
            return "10s";
        }
    }
}
