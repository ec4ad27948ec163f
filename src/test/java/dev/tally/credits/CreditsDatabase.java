package dev.tally.credits;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

import dev.tally.testsupport.PostgresForTests;

/**
 * The tables of this job in the database of the application under test. They are never cleared, because the ledger cannot
 * be: each test makes users of its own.
 */
final class CreditsDatabase {
    private CreditsDatabase() {}

    /** A user of a test. */
    record TestUser(long id, String email) {
        /** A key as the predecessor gave them out. */
        String giveKey() {
            String key = "key-" + UUID.randomUUID();
            run("INSERT INTO api_keys (user_id, api_key) VALUES (?, ?)", id, sha256(key));
            return key;
        }
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of().formatHex(
                    MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A user whom nobody else knows, with an account. */
    static TestUser user(long credits) {
        TestUser user = userWithoutAccount();
        run("INSERT INTO credits (user_id, credits_balance) VALUES (?, ?)", user.id(), credits);
        return user;
    }

    /** A user as an operator may make one by SQL. */
    static TestUser userWithoutAccount() {
        String email = "John." + UUID.randomUUID() + "@example.com";
        return new TestUser(
                Long.parseLong(rows("INSERT INTO users (name, email) VALUES ('John Smith', ?) RETURNING id", email)
                        .getFirst()),
                email);
    }

    static void run(String sql, Object... parameters) {
        try (Connection connection = PostgresForTests.dataSource().getConnection();
                PreparedStatement statement = prepare(connection, sql, parameters)) {
            statement.execute();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The rows of a query, their columns separated by blanks. */
    static List<String> rows(String sql, Object... parameters) {
        try (Connection connection = PostgresForTests.dataSource().getConnection();
                PreparedStatement statement = prepare(connection, sql, parameters);
                ResultSet result = statement.executeQuery()) {
            List<String> rows = new ArrayList<>();
            while (result.next()) {
                List<String> columns = new ArrayList<>();
                for (int column = 1; column <= result.getMetaData().getColumnCount(); column++) {
                    columns.add(String.valueOf(result.getString(column)));
                }
                rows.add(String.join(" ", columns));
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static PreparedStatement prepare(Connection connection, String sql, Object... parameters)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
        return statement;
    }
}
