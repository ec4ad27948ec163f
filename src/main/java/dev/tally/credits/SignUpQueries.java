package dev.tally.credits;

import java.sql.ResultSet;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;

import jakarta.enterprise.context.ApplicationScoped;

import dev.tally.platform.postgres.Statements;

/** The SQL of new users. */
@ApplicationScoped
class SignUpQueries {
    /** Waits for whoever signs up with the same address at the same time. */
    private static final String INSERT_USER = """
                                              INSERT INTO public.users (name, email, created_at) VALUES (?, ?, ?)
                                              ON CONFLICT (lower(email)) DO NOTHING RETURNING id""";
    private static final String OPEN_ACCOUNT = """
                                               INSERT INTO public.credits (user_id, credits_balance, updated_at)
                                               VALUES (?, 0, ?)""";
    private static final String GRANT = "SELECT ledger.add(?, 'grant', ?, 'sign-up', ?)";

    private final Statements statements;

    SignUpQueries(Statements statements) {
        this.statements = statements;
    }

    /** Gives the new user's id; empty when the address is another's. */
    Optional<Long> insertUser(String name, String email, Instant now) {
        return statements.run(INSERT_USER, statement -> {
            statement.setString(1, name);
            statement.setString(2, email);
            statement.setObject(3, now.atOffset(ZoneOffset.UTC));
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(row.getLong(1)) : Optional.empty();
            }
        });
    }

    /** Opens the account of a new user with this many credits. */
    void openAccount(long userId, long credits, Instant now) {
        int unused = statements.run(OPEN_ACCOUNT, statement -> {
            statement.setLong(1, userId);
            statement.setObject(2, now.atOffset(ZoneOffset.UTC));
            return statement.executeUpdate();
        });
        if (credits > 0) {
            boolean granted = statements.run(GRANT, statement -> {
                statement.setLong(1, userId);
                statement.setLong(2, credits);
                statement.setObject(3, now.atOffset(ZoneOffset.UTC));
                return statement.execute();
            });
            if (!granted) {
                throw new IllegalStateException("The ledger gives a balance");
            }
        }
    }
}
