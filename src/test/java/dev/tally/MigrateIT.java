package dev.tally;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import dev.tally.local.LocalPostgres;
import dev.tally.testsupport.PackagedTally;
import dev.tally.testsupport.ScratchDatabase;
import dev.tally.testsupport.UsersForTests;

/** The packaged application's other mode: it migrates the database and ends. */
@Timeout(120)
class MigrateIT {
    private static final int NEWEST = Objects.requireNonNull(new File("src/main/resources/db/migration").list()).length;
    private static final Pattern MADE = Pattern.compile(": ([0-9]+) migrations were made");

    private final Map<String, String> environment;

    MigrateIT(@TempDir Path directory) throws IOException {
        Path users = Files.writeString(directory.resolve("users"),
                "viewer = " + UsersForTests.digest("viewer") + ", viewer\n");
        environment = Map.of("TALLY_USERS_FILE", users.toString(), "POSTGRES_URL",
                ScratchDatabase.createEmpty("tally_it"), "POSTGRES_USER", LocalPostgres.USER, "POSTGRES_PASSWORD",
                "none");
    }

    @Test
    void letsAServiceThatIsWaitingForItWork() throws Exception {
        try (PackagedTally service = PackagedTally.start(environment); HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> early = usage(client, service);
            HttpResponse<String> notReady = get(client, service.request("/q/health/ready"));
            HttpResponse<String> unhealthy = get(client, service.request("/health"));

            migrate();

            assertThat(early.statusCode()).isEqualTo(503);
            assertThat(early.body()).contains("DATABASE_NOT_MIGRATED").doesNotContain("relation");
            assertThat(notReady.statusCode()).isEqualTo(503);
            assertThat(notReady.body()).contains("not migrated");
            assertThat(unhealthy.statusCode()).isEqualTo(503);
            assertThat(unhealthy.body()).contains("\"not migrated\"");
            assertThat(usage(client, service).statusCode()).isEqualTo(200);
            assertThat(get(client, service.request("/q/health/ready")).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void doesNothingTheSecondTime() throws Exception {
        String first = migrate();
        String second = migrate();

        assertThat(first).contains(
                "The database is migrated: " + NEWEST + " migrations were made, it is at version " + NEWEST + ".");
        assertThat(second)
                .contains("The database is migrated: 0 migrations were made, it is at version " + NEWEST + ".");
    }

    @Test
    void endsWithAFaultWhenAMigrationIsNotWhatItWas() throws Exception {
        migrate();
        try (Connection connection = DriverManager.getConnection(environment.get("POSTGRES_URL"), LocalPostgres.USER,
                ""); Statement statement = connection.createStatement()) {
            statement.execute("UPDATE flyway_schema_history SET checksum = checksum + 1 WHERE version = '1'");
        }

        try (PackagedTally migration = PackagedTally.start(environment, "migrate")) {
            assertThat(migration.exitCode()).isEqualTo(1);
            assertThat(migration.output()).contains("The database is not migrated", "checksum mismatch")
                    .doesNotContain("migrations were made");
        }
    }

    @Test
    void migratesOnceWhenSeveralDoItAtATime() throws Exception {
        List<PackagedTally> all = List.of(PackagedTally.start(environment, "migrate"),
                PackagedTally.start(environment, "migrate"), PackagedTally.start(environment, "migrate"));

        for (PackagedTally each : all) {
            assertThat(each.exitCode()).as(each.output() + each.errors()).isZero();
        }

        // They may take turns, because Flyway locks for each migration: one of them made it, whichever that was.
        assertThat(all.stream().mapToInt(MigrateIT::made).sum()).isEqualTo(NEWEST);
    }

    private static int made(PackagedTally migration) {
        Matcher made = MADE.matcher(migration.output());
        assertThat(made.find()).as(migration.output()).isTrue();
        return Integer.parseInt(made.group(1));
    }

    private String migrate() throws InterruptedException {
        try (PackagedTally migration = PackagedTally.start(environment, "migrate")) {
            assertThat(migration.exitCode()).as(migration.output() + migration.errors()).isZero();
            assertThat(migration.output()).doesNotContain("Listening on: http");
            assertThat(migration.errors()).isEmpty();
            return migration.output();
        }
    }

    private static HttpResponse<String> usage(HttpClient client, PackagedTally service) throws Exception {
        return get(client, service.request("/api/usage/352621000001").header("Authorization",
                UsersForTests.basic("viewer")));
    }

    private static HttpResponse<String> get(HttpClient client, HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
