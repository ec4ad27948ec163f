package dev.tally.credits;

import java.sql.ResultSet;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import dev.tally.platform.postgres.Statements;

/** Adds up the ledger by days. docs/adr/0002 says why a zone's days are reckoned from its offsets. */
@ApplicationScoped
class BalanceQueries {
    /** The balance is read of the last entry of each day: by its number, of which there is an index. */
    private static final String DAYS = """
                                       SELECT day.epoch_day, day.entries, day.added, day.taken, last.balance_after
                                         FROM (SELECT (at + (?::bigint[])[width_bucket(at, ?::bigint[])]) / 86400 AS epoch_day,
                                                      count(*) AS entries, max(number) AS number,
                                                      COALESCE(sum(amount) FILTER (WHERE amount > 0), 0)::bigint AS added,
                                                      COALESCE(-sum(amount) FILTER (WHERE amount < 0), 0)::bigint AS taken
                                                 FROM (SELECT number, amount, floor(extract(epoch FROM created_at))::bigint AS at
                                                         FROM public.ledger_entries
                                                        WHERE created_at >= ? AND created_at < ? AND user_id = ?) AS entry
                                                GROUP BY epoch_day) AS day
                                         JOIN public.ledger_entries AS last ON last.user_id = ? AND last.number = day.number
                                        ORDER BY day.epoch_day""";

    private final Statements statements;

    BalanceQueries(Statements statements) {
        this.statements = statements;
    }

    /** The days of a range on which the balance of a user changed, the first one first. */
    List<BalanceDay> findDaysOf(long userId, UsageRange range) {
        return statements.run(DAYS, statement -> {
            int next = UsageQueries.bindRange(statement, range);
            statement.setLong(next, userId);
            statement.setLong(next + 1, userId);
            List<BalanceDay> days = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    days.add(new BalanceDay(LocalDate.ofEpochDay(row.getLong(1)), row.getLong(2), row.getLong(3),
                            row.getLong(4), row.getLong(5)));
                }
            }
            return days;
        });
    }
}
