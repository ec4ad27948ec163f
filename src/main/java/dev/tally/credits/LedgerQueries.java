package dev.tally.credits;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

import jakarta.enterprise.context.ApplicationScoped;

import dev.tally.platform.postgres.Statements;

/** Reads the ledger, the latest entries first. */
@ApplicationScoped
class LedgerQueries {
    private static final String COLUMNS = """
                                          SELECT id, user_id, created_at, kind, amount, balance_after, reference
                                            FROM public.ledger_entries
                                          """;
    private static final String LIST = COLUMNS + " WHERE id < ? ORDER BY id DESC LIMIT ?";
    /** By their numbers, of which there is an index; those of an account are in the order of its ids. */
    private static final String LIST_OF_USER = COLUMNS
            + " WHERE user_id = ? AND number < ? ORDER BY number DESC LIMIT ?";
    private static final String FIND_NUMBER = "SELECT number FROM public.ledger_entries WHERE id = ? AND user_id = ?";

    private final Statements statements;

    LedgerQueries(Statements statements) {
        this.statements = statements;
    }

    /** @param before only entries with a smaller id */
    List<LedgerEntry> list(long before, int limit) {
        return statements.run(LIST, statement -> {
            statement.setLong(1, before);
            statement.setInt(2, limit);
            return entries(statement);
        });
    }

    /** @param before only entries with a smaller number */
    List<LedgerEntry> listOfUser(long userId, long before, int limit) {
        return statements.run(LIST_OF_USER, statement -> {
            statement.setLong(1, userId);
            statement.setLong(2, before);
            statement.setInt(3, limit);
            return entries(statement);
        });
    }

    /** Which of the account's entries this is, counted from 1; empty when it is none of them. */
    OptionalLong numberOf(long id, long userId) {
        return statements.run(FIND_NUMBER, statement -> {
            statement.setLong(1, id);
            statement.setLong(2, userId);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
            }
        });
    }

    private static List<LedgerEntry> entries(PreparedStatement statement) throws SQLException {
        List<LedgerEntry> entries = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                entries.add(new LedgerEntry(row.getLong("id"), row.getLong("user_id"),
                        row.getObject("created_at", OffsetDateTime.class).toInstant(), row.getString("kind"),
                        row.getLong("amount"), row.getLong("balance_after"), row.getString("reference")));
            }
        }
        return entries;
    }
}
