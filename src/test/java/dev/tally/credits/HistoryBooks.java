package dev.tally.credits;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.tally.local.LocalPostgres;
import dev.tally.testsupport.ScratchDatabase;

/** The database of a history, as an operator sees it by SQL. */
final class HistoryBooks {
    static final int ACCOUNTS = 24;
    private static final int FIRST_BALANCE = 5;
    private static final Pattern TAG = Pattern.compile("h(\\d+)x(\\d+)x");

    private final String url;

    HistoryBooks(String database) {
        url = ScratchDatabase.createEmpty(database);
    }

    Map<String, String> environment() {
        return Map.of("POSTGRES_URL", url, "POSTGRES_USER", LocalPostgres.USER, "POSTGRES_PASSWORD", "none",
                "TALLY_POSTGRES_MIGRATE_AT_START", "true", "TALLY_CREDITS_CHARGING_LEASE_SECONDS", "10",
                "TALLY_CREDITS_SWEEP_EVERY", "1s", "TALLY_RATE_LIMIT_KEY_REQUESTS", "0",
                "TALLY_RATE_LIMIT_ADDRESS_REQUESTS", "0");
    }

    /** Users, their keys and balances, all by hand. */
    void open() throws SQLException {
        try (Connection connection = connect(); Statement statement = connection.createStatement()) {
            for (int account = 0; account < ACCOUNTS; account++) {
                statement.execute("WITH added AS (INSERT INTO users (name, email) VALUES ('History', '" + email(account)
                        + "') RETURNING id), credited AS (INSERT INTO credits (user_id, credits_balance) SELECT id, "
                        + FIRST_BALANCE + " FROM added) INSERT INTO api_keys (user_id, api_key) SELECT id, '"
                        + sha256(key(account)) + "' FROM added");
            }
        }
    }

    static String email(int account) {
        return "history-" + account + "@example.com";
    }

    static String key(int account) {
        return "key-of-history-" + account;
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of().formatHex(
                    MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Changes a balance as operators do; says whether it was one that may be. */
    boolean changeByHand(int account, int amount) throws SQLException {
        try (Connection connection = connect();
                PreparedStatement update = connection.prepareStatement("UPDATE credits SET credits_balance ="
                        + " credits_balance + ? WHERE credits_balance + ? >= 0 AND user_id ="
                        + " (SELECT id FROM users WHERE email = ?)")) {
            update.setInt(1, amount);
            update.setInt(2, amount);
            update.setString(3, email(account));
            return update.executeUpdate() == 1;
        }
    }

    long openCharges() throws SQLException {
        return number("SELECT count(*) FROM usage_logs WHERE state = 'open'");
    }

    long negativeBalances() throws SQLException {
        return number("SELECT count(*) FROM ledger_entries WHERE balance_after < 0")
                + number("SELECT count(*) FROM credits WHERE credits_balance < 0");
    }

    long topUps() throws SQLException {
        return number("SELECT count(*) FROM ledger_entries WHERE kind = 'topup'");
    }

    long adjustments() throws SQLException {
        return number("SELECT count(*) FROM ledger_entries WHERE kind = 'adjustment'");
    }

    List<String> differences() throws SQLException {
        return texts("SELECT d::text FROM ledger.differences d");
    }

    Map<String, String> entriesByKind() throws SQLException {
        Map<String, String> kinds = new TreeMap<>();
        for (String row : texts("SELECT kind || '=' || count(*) FROM ledger_entries GROUP BY kind")) {
            kinds.put(row.split("=", 2)[0], row.split("=", 2)[1]);
        }
        return kinds;
    }

    /**
     * Compares what was charged with what each client was told. Each operation has a tag of its own, by which its charges
     * are found.
     */
    List<String> faults(List<HistoryClient> clients) throws SQLException {
        List<String> faults = new ArrayList<>();
        int[][] charged = new int[clients.size()][];
        for (int client = 0; client < charged.length; client++) {
            charged[client] = new int[clients.get(client).operations()];
        }
        try (Connection connection = connect(); Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.setFetchSize(1_000);
            try (ResultSet rows = statement.executeQuery("SELECT u.id, u.query_params || u.endpoint AS tagged, u.state,"
                    + " u.credits_used, COALESCE((SELECT sum(amount) FROM ledger_entries e WHERE e.usage_id = u.id), 0)"
                    + " AS booked FROM usage_logs u")) {
                while (rows.next()) {
                    check(rows, charged, faults);
                }
            }
        }
        for (int client = 0; client < charged.length; client++) {
            clients.get(client).compare(charged[client], faults);
        }
        return faults;
    }

    private static void check(ResultSet row, int[][] charged, List<String> faults) throws SQLException {
        long used = row.getLong("credits_used");
        if (row.getLong("booked") != -used) {
            faults.add("Usage " + row.getLong("id") + " used " + used + " but is booked as " + row.getLong("booked"));
        }
        Matcher tag = TAG.matcher(row.getString("tagged"));
        if (!tag.find()) {
            faults.add("Usage " + row.getLong("id") + " is of no operation: " + row.getString("tagged"));
        } else if (row.getString("state").equals("answered")) {
            int[] ofClient = charged[Integer.parseInt(tag.group(1))];
            int operation = Integer.parseInt(tag.group(2));
            if (ofClient[operation] != 0) {
                faults.add("Operation " + tag.group() + " was charged twice");
            }
            ofClient[operation] = Math.toIntExact(used);
        }
    }

    private long number(String sql) throws SQLException {
        return Long.parseLong(texts(sql).getFirst());
    }

    private List<String> texts(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> texts = new ArrayList<>();
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
            return texts;
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(url, LocalPostgres.USER, "none");
    }
}
