package dev.tally.credits;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import dev.tally.platform.postgres.Statements;

/** The SQL of charges. Each of them decides many at once, and is one statement, so that it holds as a whole or not at all. */
@ApplicationScoped
class ChargeQueries {
    private static final String CHARGE = "SELECT place, outcome, usage_id, available"
            + " FROM ledger.charge(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String SETTLE = "SELECT ledger.settle(?, ?, ?)";
    private static final String REFUND = "SELECT ledger.refund(?, ?, ?)";
    private static final String REFUND_UNLOCKED = """
                                                  SELECT ledger.refund(ARRAY (
                                                      SELECT usage.id FROM public.usage_logs usage
                                                        JOIN public.credits account ON account.user_id = usage.user_id
                                                       WHERE usage.id = ANY (?)
                                                         FOR UPDATE OF account SKIP LOCKED), '{open}', ?)""";
    private static final String OVERDUE = "SELECT id FROM public.usage_logs WHERE state = 'open' AND due_at <= ?"
            + " ORDER BY due_at LIMIT ?";
    private static final String BALANCE = "SELECT credits_balance FROM public.credits WHERE user_id = ?";

    private final Statements statements;

    ChargeQueries(Statements statements) {
        this.statements = statements;
    }

    /**
     * When these are charged.
     *
     * @param dueAt until when their answers may be settled
     * @param expiresAt until when their keys are known
     * @param lowBelow whoever comes below it is noted
     */
    record Terms(Instant now, Instant dueAt, Instant expiresAt, OptionalLong lowBelow) {}

    /** Gives the decisions in the order of the charges, in which they were made too. */
    List<Charge.Decision> charge(List<Charge> charges, Terms terms) {
        return statements.run(CHARGE, statement -> {
            setArray(statement, 1, "bigint", charges, Charge::userId);
            setArray(statement, 2, "bigint", charges, Charge::credits);
            setArray(statement, 3, "text", charges, Charge::endpoint);
            setArray(statement, 4, "text", charges, Charge::queryParams);
            setBytes(statement, 5, charges, key -> key.ticket().keySha256());
            setBytes(statement, 6, charges, Charge.Key::requestFingerprint);
            setArray(statement, 7, "uuid", charges, each -> ofKey(each, key -> key.ticket().token()));
            setTime(statement, 8, terms.now());
            setTime(statement, 9, terms.dueAt());
            setTime(statement, 10, terms.expiresAt());
            statement.setObject(11, terms.lowBelow().isPresent() ? terms.lowBelow().getAsLong() : null,
                    Types.BIGINT);
            return decisions(statement, charges.size());
        });
    }

    /** The driver knows an array of bytes from an array of arrays by its Java type. */
    private static void setBytes(PreparedStatement statement, int index, List<Charge> charges,
            Function<Charge.Key, byte[]> part) throws SQLException {
        byte @Nullable [][] values = new byte[charges.size()][];
        Arrays.setAll(values, at -> ofKey(charges.get(at), part));
        statement.setArray(index, statement.getConnection().createArrayOf("bytea", values));
    }

    private static <T> @Nullable T ofKey(Charge charge, Function<Charge.Key, T> part) {
        return charge.key().map(part).orElse(null);
    }

    private static List<Charge.Decision> decisions(PreparedStatement statement, int count) throws SQLException {
        Charge.@Nullable Decision[] decisions = new Charge.Decision[count];
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                decisions[rows.getInt("place") - 1] = new Charge.Decision(
                        Charge.Outcome.valueOf(rows.getString("outcome").toUpperCase(Locale.ROOT)),
                        rows.getLong("usage_id"), rows.getLong("available"));
            }
        }
        List<Charge.Decision> inOrder = new ArrayList<>(count);
        for (Charge.Decision each : decisions) {
            if (each == null) {
                throw new IllegalStateException("A charge was not decided");
            }
            inOrder.add(each);
        }
        return inOrder;
    }

    /** Says that these are answered; gives the ids of those that were still open. */
    Set<Long> settle(List<Settlement> settlements) {
        return statements.run(SETTLE, statement -> {
            setArray(statement, 1, "bigint", settlements, Settlement::usageId);
            setArray(statement, 2, "bigint", settlements, each -> Math.max(0, each.records()));
            setArray(statement, 3, "bigint", settlements, each -> Math.max(0, each.responseMillis()));
            return ids(statement);
        });
    }

    /** What may be given back. */
    enum Refundable {
        /** Charges that were not settled. */
        OPEN,
        /** Those that may have been settled too, though the answer did not go out. */
        OPEN_OR_ANSWERED;

        private List<String> states() {
            return this == OPEN ? List.of("open") : List.of("open", "answered");
        }
    }

    /** Gives these back; gives the ids of those that were given back now. */
    Set<Long> refund(List<Long> usageIds, Refundable which, Instant now) {
        return statements.run(REFUND, statement -> {
            setArray(statement, 1, "bigint", usageIds, id -> id);
            setArray(statement, 2, "text", which.states(), state -> state);
            setTime(statement, 3, now);
            return ids(statement);
        });
    }

    /** Gives back those that are open and of which nobody holds the account; gives their ids. */
    Set<Long> refundUnlocked(List<Long> usageIds, Instant now) {
        return statements.run(REFUND_UNLOCKED, statement -> {
            setArray(statement, 1, "bigint", usageIds, id -> id);
            setTime(statement, 2, now);
            return ids(statement);
        });
    }

    /** Charges that should have been settled by now, the oldest first. */
    List<Long> overdue(Instant now, int maxRows) {
        return statements.run(OVERDUE, statement -> {
            setTime(statement, 1, now);
            statement.setInt(2, maxRows);
            return List.copyOf(ids(statement));
        });
    }

    /** @return empty when there is no such account */
    OptionalLong balance(long userId) {
        return statements.run(BALANCE, statement -> {
            statement.setLong(1, userId);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
            }
        });
    }

    private static Set<Long> ids(PreparedStatement statement) throws SQLException {
        Set<Long> ids = new HashSet<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                ids.add(rows.getLong(1));
            }
        }
        return ids;
    }

    /** What of an item goes into an array. */
    @FunctionalInterface
    private interface Part<T> {
        @Nullable
        Object of(T item);
    }

    private static <T> void setArray(PreparedStatement statement, int index, String type, List<T> items,
            Part<T> part) throws SQLException {
        @Nullable
        Object[] values = new Object[items.size()];
        Arrays.setAll(values, at -> part.of(items.get(at)));
        statement.setArray(index, statement.getConnection().createArrayOf(type, values));
    }

    private static void setTime(PreparedStatement statement, int index, Instant time) throws SQLException {
        statement.setObject(index, time.atOffset(ZoneOffset.UTC));
    }
}
