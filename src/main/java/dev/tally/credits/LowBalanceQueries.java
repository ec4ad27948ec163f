package dev.tally.credits;

import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

import dev.tally.platform.postgres.Statements;

/** The SQL of notes on low balances. */
@ApplicationScoped
class LowBalanceQueries {
    private static final String TAKE = """
                                       DELETE FROM ledger.low_balance note USING public.users u
                                        WHERE u.id = note.user_id AND note.id IN (
                                              SELECT id FROM ledger.low_balance ORDER BY id LIMIT ? FOR UPDATE SKIP LOCKED)
                                       RETURNING note.user_id, u.email, note.credits, note.threshold""";

    private final Statements statements;

    LowBalanceQueries(Statements statements) {
        this.statements = statements;
    }

    /**
     * A balance that has become low.
     *
     * @param credits it was then
     */
    record Low(long userId, String email, long credits, long threshold) {
        /** Without whose it is. */
        @Override
        public String toString() {
            return "Low[userId=" + userId + ", credits=" + credits + "]";
        }
    }

    /** Takes the oldest notes away: once, in the transaction of the caller. */
    List<Low> take(int maxRows) {
        return statements.run(TAKE, statement -> {
            statement.setInt(1, maxRows);
            List<Low> taken = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    taken.add(new Low(rows.getLong(1), rows.getString(2), rows.getLong(3), rows.getLong(4)));
                }
            }
            return taken;
        });
    }
}
