package dev.tally.platform.logging;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

import org.jboss.logging.Logger;
import org.jboss.logmanager.LogContext;

import dev.tally.platform.problem.DatabaseException;
import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;
import io.quarkus.scheduler.Scheduled;

/**
 * Levels of the log that are changed for a while. They are kept in the database, because whoever changes one reaches any
 * process and means all: this one follows at once, the others when they look next. Each ends by the clock of the process,
 * whether the database answers then or not.
 */
@ApplicationScoped
class LogLevelService {
    private static final Logger LOG = Logger.getLogger(LogLevelService.class);

    private final LogLevelQueries queries;
    private final LogLevelsConfig config;
    private final Clock clock;
    private final LogCategories categories;
    private final ChangedLoggers loggers;
    private volatile List<LogLevel> known = List.of();
    private volatile boolean failing;

    @Inject
    LogLevelService(LogLevelQueries queries, LogLevelsConfig config, Clock clock) {
        this(queries, config, clock, LogContext.getLogContext());
    }

    LogLevelService(LogLevelQueries queries, LogLevelsConfig config, Clock clock, LogContext context) {
        this.queries = queries;
        this.config = config;
        this.clock = clock;
        categories = new LogCategories(config.categories());
        loggers = new ChangedLoggers(context);
    }

    /** All that are changed, in every process. */
    List<LogLevel> list() {
        return queries.list(clock.instant());
    }

    /**
     * Changes a level for a while.
     *
     * @param by who does
     * @throws ProblemException {@code LOG_CATEGORY_REFUSED}; {@code REQUEST_INVALID} for a time that is too long, or when
     *         too many are changed
     */
    LogLevel set(String category, LogLevelRequest request, String by) {
        categories.check(category);
        int minutes = Objects.requireNonNullElse(request.minutes(), config.defaultMinutes());
        if (minutes < 1 || minutes > config.maxMinutes()) {
            throw new ProblemException(ProblemCode.REQUEST_INVALID,
                    "A level can be changed for 1 to " + config.maxMinutes() + " minutes.");
        }
        // As the database keeps it.
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        LogLevel level = new LogLevel(category, request.level(), now.plus(Duration.ofMinutes(minutes)), by, now);
        if (!queries.put(level, config.maxChanged())) {
            throw new ProblemException(ProblemCode.REQUEST_INVALID, "The levels of " + config.maxChanged()
                    + " categories are changed already. Set some of them back first.");
        }
        LOG.infof("The log of %s is at %s until %s, set by %s", category, level.level(), level.until(), by);
        refresh();
        return level;
    }

    /** Sets a level back; nothing happens when it was not changed. */
    void reset(String category, String by) {
        categories.check(category);
        queries.remove(category, clock.instant());
        LOG.infof("The log of %s is as it is configured, set back by %s", category, by);
        refresh();
    }

    /** What others have changed, and what is over. One after the other, so that what was read last holds. */
    @Scheduled(every = "${tally.log-levels.refresh-every}", delayed = "8s", identity = "log-levels", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    synchronized void refresh() {
        Instant now = clock.instant();
        try {
            // Not what a caller of old, or somebody by SQL, has set against the rules.
            known = queries.list(now).stream().filter(level -> isAllowed(level.category())).toList();
            failing = false;
        } catch (DatabaseException e) {
            if (!failing) {
                LOG.debugf(e, "Levels of the log cannot be read; those that are known stay until they are over");
            }
            failing = true;
        }
        loggers.apply(known.stream().filter(level -> now.isBefore(level.until())).toList());
    }

    private boolean isAllowed(String category) {
        try {
            categories.check(category);
            return true;
        } catch (ProblemException e) {
            LOG.debugf(e, "The level of a category is not for anybody to change");
            return false;
        }
    }
}
