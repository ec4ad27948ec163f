package dev.tally.credits;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import dev.tally.platform.postgres.Statements;

/** Finds users with their balances, and changes what operators change. */
@ApplicationScoped
class AccountQueries {
    private static final String COLUMNS = """
                                          SELECT u.id, u.name, u.email, u.is_admin, COALESCE(c.credits_balance, 0) AS credits, u.scopes,
                                                 u.created_at
                                            FROM public.users u LEFT JOIN public.credits c ON c.user_id = u.id
                                          """;
    private static final String FIND = COLUMNS + " WHERE u.id = ?";
    private static final String FIND_BY_EMAIL = COLUMNS + " WHERE lower(u.email) = lower(?)";
    private static final String LIST = COLUMNS + """
                                                 WHERE u.id > ? AND (?::text IS NULL OR u.email ILIKE ? ESCAPE '\\')
                                                   AND (?::bigint IS NULL OR COALESCE(c.credits_balance, 0) < ?)
                                                 ORDER BY u.id LIMIT ?""";
    private static final String SET_SCOPES = "UPDATE public.users SET scopes = ? WHERE id = ?";
    /** A user that was made by hand has no account yet. */
    private static final String OPEN = """
                                       INSERT INTO public.credits (user_id, credits_balance, updated_at) VALUES (?, 0, ?)
                                       ON CONFLICT (user_id) DO NOTHING""";
    private static final String TOP_UP = "SELECT ledger.add(?, 'topup', ?, ?, ?)";

    private final Statements statements;

    AccountQueries(Statements statements) {
        this.statements = statements;
    }

    Optional<Account> find(long userId) {
        return statements.run(FIND, statement -> {
            statement.setLong(1, userId);
            return accounts(statement).stream().findFirst();
        });
    }

    /** @param email in capital or small letters */
    Optional<Account> findByEmail(String email) {
        return statements.run(FIND_BY_EMAIL, statement -> {
            statement.setString(1, email);
            return accounts(statement).stream().findFirst();
        });
    }

    /**
     * Users by their ids.
     *
     * @param after only those with a greater id
     * @param emailPart what the e-mail has somewhere, in capital or small letters; null for all users
     * @param creditsBelow only those with less; null for all users
     */
    List<Account> list(long after, @Nullable String emailPart, @Nullable Long creditsBelow, int limit) {
        return statements.run(LIST, statement -> {
            statement.setLong(1, after);
            statement.setString(2, emailPart);
            statement.setString(3, emailPart == null ? null : "%" + emailPart.replaceAll("([\\\\%_])", "\\\\$1") + "%");
            statement.setObject(4, creditsBelow, Types.BIGINT);
            statement.setObject(5, creditsBelow, Types.BIGINT);
            statement.setInt(6, limit);
            return accounts(statement);
        });
    }

    private static List<Account> accounts(PreparedStatement statement) throws SQLException {
        List<Account> accounts = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                accounts.add(new Account(row.getLong("id"), row.getString("name"), row.getString("email"),
                        row.getBoolean("is_admin"), row.getLong("credits"),
                        List.of((String[]) row.getArray("scopes").getArray()),
                        row.getObject("created_at", OffsetDateTime.class).toInstant()));
            }
        }
        return accounts;
    }

    /** @return false when there is no such user */
    boolean setScopes(long userId, List<String> scopes) {
        return statements.run(SET_SCOPES, statement -> {
            statement.setArray(1, statement.getConnection().createArrayOf("text", scopes.toArray()));
            statement.setLong(2, userId);
            return statement.executeUpdate() == 1;
        });
    }

    /** Opens an account with nothing in it, unless there is one. */
    void open(long userId, Instant now) {
        statements.run(OPEN, statement -> {
            statement.setLong(1, userId);
            statement.setObject(2, now.atOffset(ZoneOffset.UTC));
            return statement.executeUpdate();
        });
    }

    /** @return the balance after it; empty when there is no account */
    OptionalLong topUp(long userId, long amount, String reference, Instant now) {
        return statements.run(TOP_UP, statement -> {
            statement.setLong(1, userId);
            statement.setLong(2, amount);
            statement.setString(3, reference);
            statement.setObject(4, now.atOffset(ZoneOffset.UTC), Types.TIMESTAMP_WITH_TIMEZONE);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                long balance = row.getLong(1);
                return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(balance);
            }
        });
    }
}
