package dev.tally.credits;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

import javax.sql.DataSource;

/** The accounts of a database, as an auditor sees and changes them: by SQL. */
record Books(DataSource database) {
    /** A new user with this balance; gives the id. */
    long user(String email, long credits) {
        long id = number("INSERT INTO public.users (name, email) VALUES ('Test', '" + email + "') RETURNING id");
        execute("INSERT INTO public.credits (user_id, credits_balance) VALUES (" + id + ", " + credits + ")");
        return id;
    }

    long balance(long userId) {
        return number("SELECT credits_balance FROM public.credits WHERE user_id = " + userId);
    }

    long entries(long userId, String kind) {
        return number("SELECT count(*) FROM public.ledger_entries WHERE user_id = " + userId + " AND kind = '" + kind
                + "'");
    }

    long usages(long userId, String state) {
        return number("SELECT count(*) FROM public.usage_logs WHERE user_id = " + userId + " AND state = '" + state
                + "'");
    }

    /** Lets the leases of all open charges of a user have ended. */
    void letChargesBeDue(long userId) {
        execute("UPDATE public.usage_logs SET due_at = '2000-01-01Z' WHERE state = 'open' AND user_id = " + userId);
    }

    /** What must always hold of the books. */
    void assertRight() {
        assertThat(number("SELECT count(*) FROM ledger.differences")).isZero();
        assertThat(number("SELECT count(*) FROM public.credits WHERE credits_balance < 0")).isZero();
        // Each usage was charged once; what was given back, and only that, was given back once and in full.
        assertThat(number("""
                          SELECT count(*) FROM public.usage_logs usage
                            LEFT JOIN (SELECT usage_id, count(*) FILTER (WHERE kind = 'charge') AS charges,
                                              count(*) FILTER (WHERE kind = 'refund') AS refunds, sum(amount) AS amount
                                         FROM public.ledger_entries WHERE usage_id IS NOT NULL GROUP BY usage_id) booked
                              ON booked.usage_id = usage.id
                           WHERE booked.charges IS DISTINCT FROM 1
                              OR booked.refunds <> CASE usage.state WHEN 'refunded' THEN 1 ELSE 0 END
                              OR booked.amount <> -usage.credits_used""")).isZero();
        assertThat(number("""
                          SELECT count(*) FROM public.ledger_entries entry
                            LEFT JOIN public.usage_logs usage ON usage.id = entry.usage_id
                           WHERE entry.usage_id IS NOT NULL AND usage.user_id IS DISTINCT FROM entry.user_id"""))
                .isZero();
    }

    long number(String sql) {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    void execute(String sql) {
        try (Connection connection = database.getConnection(); Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
