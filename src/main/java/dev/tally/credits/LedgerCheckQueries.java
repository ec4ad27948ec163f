package dev.tally.credits;

import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

import jakarta.enterprise.context.ApplicationScoped;

import dev.tally.platform.postgres.Statements;

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

    /** The users whose balance is not what their entries say. */
    List<Long> different(long after, long last) {
        return statements.run(DIFFERENT, statement -> {
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
}
