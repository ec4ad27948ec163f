package dev.tally.credits;

import java.time.Clock;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import java.util.function.Supplier;

import jakarta.enterprise.context.ApplicationScoped;

import dev.tally.platform.paging.Page;
import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;

/** Shows what was asked and paid for. */
@ApplicationScoped
class UsageService {
    private static final int KEY_PARTS = 3;

    private final UsageQueries queries;
    private final BalanceQueries balances;
    private final Clock clock;
    private final Semaphore permits;
    private final int maxRows;

    UsageService(UsageQueries queries, BalanceQueries balances, Clock clock, AccountsConfig config) {
        this.queries = queries;
        this.balances = balances;
        this.clock = clock;
        this.permits = new Semaphore(config.maxConcurrentUsage());
        this.maxRows = config.maxUsageRows();
    }

    /** The usage of all users, the latest dates first, then by user and endpoint. */
    Rows<UsageDay> days(UsageRange range, Page page) {
        Optional<UsageQueries.DayKey> after = page.after().map(UsageService::parseKey);
        Optional<LocalDate> begin = after.map(UsageQueries.DayKey::date);
        return limited(() -> latestFirst(range, begin, page.limit(),
                (part, limit) -> queries.findDays(part, after, limit)));
    }

    /** Reads some of the dates of a range. */
    @FunctionalInterface
    private interface PartReading<T> {
        List<T> read(UsageRange part, int limit);
    }

    /**
     * Reads the latest dates first, twice as many each time, until there are enough rows. So a page costs about what is
     * in it, however much there is before it.
     *
     * @param begin with which date the page begins; empty for the first page
     */
    private <T> Rows<T> latestFirst(UsageRange range, Optional<LocalDate> begin, int limit, PartReading<T> reading) {
        List<T> found = new ArrayList<>();
        LocalDate last = earlier(begin.orElse(range.last()), range.last());
        LocalDate first = earlier(last, LocalDate.ofInstant(clock.instant(), range.zone()));
        long days = 1;
        while (found.size() <= limit && !last.isBefore(range.first())) {
            LocalDate from = first.isBefore(range.first()) ? range.first() : first;
            found.addAll(reading.read(range.part(from, last), limit + 1 - found.size()));
            last = from.minusDays(1);
            first = last.minusDays(days);
            days *= 2;
        }
        return Rows.of(found, limit);
    }

    private static LocalDate earlier(LocalDate one, LocalDate other) {
        return one.isBefore(other) ? one : other;
    }

    /** By what {@link #days} finds the page after a row again. */
    static String keyOf(UsageDay row) {
        return row.date() + "," + row.userId() + "," + row.endpoint();
    }

    private static UsageQueries.DayKey parseKey(String after) {
        String[] parts = after.split(",", KEY_PARTS);
        try {
            if (parts.length == KEY_PARTS) {
                return new UsageQueries.DayKey(LocalDate.parse(parts[0]), Long.parseLong(parts[1]), parts[2]);
            }
        } catch (DateTimeParseException | NumberFormatException e) {
            throw new ProblemException(ProblemCode.PARAMETER_INVALID, AccountService.unknownRow().detail(), e);
        }
        throw AccountService.unknownRow();
    }

    /**
     * The usage of one user, by date and endpoint.
     *
     * @throws ProblemException {@code RANGE_INVALID} when there are too many rows
     */
    List<UsageDay> daysOf(long userId, UsageRange range) {
        List<UsageDay> found = limited(() -> queries.findDaysOf(userId, range, maxRows + 1));
        if (found.size() > maxRows) {
            throw new ProblemException(ProblemCode.RANGE_INVALID,
                    "The range has more than " + maxRows + " rows. Ask for a shorter one.");
        }
        return found;
    }

    /** The days on which the balance of a user changed; never more than a range may have. */
    List<BalanceDay> balancesOf(long userId, UsageRange range) {
        return limited(() -> balances.findDaysOf(userId, range));
    }

    /** The latest questions of all users. */
    Rows<UsageLog> logs(UsageRange range, Page page) {
        Optional<UsageQueries.LogKey> before = logBefore(page, _ -> true);
        Optional<LocalDate> begin = before
                .map(key -> key.createdAt().atZoneSameInstant(range.zone()).toLocalDate());
        return limited(() -> latestFirst(range, begin, page.limit(),
                (part, limit) -> queries.findLogs(OptionalLong.empty(), part, before, limit)));
    }

    /** The latest questions of a user. */
    Rows<UsageLog> logsOf(long userId, UsageRange range, Page page) {
        Optional<UsageQueries.LogKey> before = logBefore(page, key -> key.userId() == userId);
        return Rows.of(queries.findLogs(OptionalLong.of(userId), range, before, page.limit() + 1), page.limit());
    }

    private Optional<UsageQueries.LogKey> logBefore(Page page, Predicate<UsageQueries.LogKey> listed) {
        return AccountService.idAfter(page)
                .map(id -> queries.findLog(id).filter(listed).orElseThrow(AccountService::unknownRow));
    }

    /** Such answers read many rows. */
    private <T> T limited(Supplier<T> answer) {
        if (!permits.tryAcquire()) {
            throw new ProblemException(ProblemCode.OVERLOADED,
                    "The service answers as many questions about usage as it can at a time. Ask again later.");
        }
        try {
            return answer.get();
        } finally {
            permits.release();
        }
    }
}
