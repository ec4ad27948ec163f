package dev.tally.credits;

import static dev.tally.testsupport.UsersForTests.as;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tally.credits.CreditsDatabase.TestUser;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;

/** Whoever follows the links of a list sees every row that was there when it began once, whatever is added meanwhile. */
@QuarkusTest
class AccountPagesTest {
    private static final Pattern NEXT = Pattern.compile("<([^>]*)>; rel=\"next\"");

    /** The given column of all pages; between two of them something happens. */
    private static List<String> follow(String first, String column, Runnable meanwhile) {
        List<String> values = new ArrayList<>();
        String path = first;
        while (path != null) {
            Response page = as("admin").urlEncodingEnabled(false).get(path);
            assertThat(page.statusCode()).as(page.asString()).isEqualTo(200);
            List<Object> column1 = page.jsonPath().getList("data." + column);
            assertThat(page.jsonPath().getInt("count")).isEqualTo(column1.size());
            column1.forEach(value -> values.add(String.valueOf(value)));
            meanwhile.run();
            Matcher next = NEXT.matcher(page.header("Link") == null ? "" : page.header("Link"));
            path = next.matches() ? next.group(1) : null;
        }
        return values;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7})
    void coverTheLedgerOfAUser(int limit) {
        TestUser user = CreditsDatabase.user(100);
        for (int i = 0; i < 5; i++) {
            CreditsDatabase.run("SELECT ledger.add(?, 'topup', 1, 'test', now())", user.id());
        }
        List<String> there = CreditsDatabase.rows("SELECT id FROM ledger_entries WHERE user_id = ? ORDER BY id DESC",
                user.id());

        List<String> seen = follow("/admin/ledger?user_email=" + user.email() + "&limit=" + limit, "id",
                () -> CreditsDatabase.run("SELECT ledger.add(?, 'topup', 1, 'test', now())", user.id()));

        assertThat(there).hasSize(6);
        assertThat(seen).isEqualTo(there);
    }

    @Test
    void coverTheLedgerOfAll() {
        TestUser user = CreditsDatabase.user(100);
        List<String> there = CreditsDatabase.rows("SELECT id FROM ledger_entries ORDER BY id DESC");

        List<String> seen = follow("/admin/ledger?limit=" + Math.max(1, there.size() / 4), "id",
                () -> CreditsDatabase.run("SELECT ledger.add(?, 'topup', 1, 'test', now())", user.id()));

        assertThat(seen).isEqualTo(there);
    }

    @Test
    void coverUsers() {
        String mark = "pages" + System.nanoTime();
        for (int i = 0; i < 9; i++) {
            CreditsDatabase.run("INSERT INTO users (name, email) VALUES ('Page', ?)", i + "." + mark + "@example.com");
        }
        List<String> there = CreditsDatabase.rows("SELECT id FROM users WHERE email LIKE ? ORDER BY id",
                "%" + mark + "%");

        List<String> seen = follow("/admin/users?limit=4&email_like=" + mark.toUpperCase(Locale.ROOT),
                "user_id", () -> CreditsDatabase.user(1));

        assertThat(seen).isEqualTo(there).hasSize(9);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void coverTheLogsOfAUser(int limit) {
        TestUser user = CreditsDatabase.user(100);
        // Several of the same time, and ids in another order than the times.
        CreditsDatabase.run("INSERT INTO usage_logs (user_id, endpoint, query_params, credits_used, created_at)"
                + " SELECT ?, '/query', '{}', 1, TIMESTAMPTZ '2024-05-05T00:00:00Z' - i / 3 * INTERVAL '1 second'"
                + " FROM generate_series(1, 10) i", user.id());
        List<String> there = CreditsDatabase.rows(
                "SELECT id FROM usage_logs WHERE user_id = ? ORDER BY created_at DESC, id DESC", user.id());

        List<String> seen = follow("/admin/logs?user_email=" + user.email() + "&limit=" + limit, "id",
                () -> CreditsDatabase.run("INSERT INTO usage_logs (user_id, endpoint, query_params, credits_used)"
                        + " VALUES (?, '/query', '{}', 1)", user.id()));

        assertThat(there).hasSize(10);
        assertThat(seen).isEqualTo(there);
    }

    @Test
    void coverTheLogsOfAll() {
        TestUser user = CreditsDatabase.user(100);
        CreditsDatabase.run("INSERT INTO usage_logs (user_id, endpoint, query_params, credits_used, created_at)"
                + " SELECT ?, '/query', '{}', 1, TIMESTAMPTZ '2023-05-05T00:00:00Z' - i * INTERVAL '1 second'"
                + " FROM generate_series(1, 10) i", user.id());
        List<String> there = CreditsDatabase.rows(
                "SELECT id FROM usage_logs WHERE created_at < '2023-05-05' AND created_at >= '2023-05-04'"
                        + " ORDER BY created_at DESC, id DESC");

        List<String> seen = follow("/admin/logs?start_date=2023-05-04&end_date=2023-05-04&limit=3", "id",
                () -> CreditsDatabase.run("INSERT INTO usage_logs (user_id, endpoint, query_params, credits_used,"
                        + " created_at) VALUES (?, '/query', '{}', 1, '2023-05-04T23:59:59.5Z')", user.id()));

        assertThat(there).hasSizeGreaterThanOrEqualTo(10);
        assertThat(seen).isEqualTo(there);
    }
}
