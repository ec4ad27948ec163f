package dev.tally.credits;

import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

import jakarta.enterprise.context.ApplicationScoped;

import dev.tally.platform.postgres.Statements;
import dev.tally.platform.problem.DatabaseException;

/** Compares balances with their ledger. */
@ApplicationScoped
class LedgerCheckQueries {
    private static final String LAST_OF_NEXT = """
                                               SELECT max(user_id) FROM (
                                                   SELECT user_id FROM public.credits WHERE user_id > ?
                                                    ORDER BY user_id LIMIT ?) AS next""";
    /** The condition goes into the view, down to the entries of these accounts. */
    private static final String DIFFERENT = """
                                            SELECT user_id FROM ledger.differences
                                             WHERE user_id > ? AND user_id <= ?""";

    private static final String QUERY_CANCELLED = "57014";
    /** Numbers that are too large, and rows that cannot be read (PostgreSQL's documentation, appendix A). */
    private static final List<String> OF_DATA = List.of("22", "XX");

    private final Statements statements;

    LedgerCheckQueries(Statements statements) {
        this.statements = statements;
    }

    /** The last of the accounts that come next; empty when there is none any more. */
    OptionalLong lastOfNext(long after, int maxAccounts) {
        return statements.run(LAST_OF_NEXT, statement -> {
            statement.setLong(1, after);
            statement.setInt(2, maxAccounts);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                long last = row.getLong(1);
                return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(last);
            }
        });
    }

    /**
     * The users whose balance is not what their entries say.
     *
     * @throws DatabaseException also when that takes longer; see {@link #isOfAccounts}
     */
    List<Long> different(long after, long last, int maxSeconds) {
        return statements.run(DIFFERENT, statement -> {
            statement.setQueryTimeout(maxSeconds);
            statement.setLong(1, after);
            statement.setLong(2, last);
            List<Long> users = new ArrayList<>();
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    users.add(row.getLong(1));
                }
            }
            return users;
        });
    }

    /**
     * Whether some accounts cannot be summed up, or not in time, though the database can be asked: others may well be.
     */
    static boolean isOfAccounts(DatabaseException fault) {
        return fault.hasState(QUERY_CANCELLED) || OF_DATA.stream().anyMatch(fault::hasStateOfClass);
    }
}
