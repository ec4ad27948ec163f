package dev.tally;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import dev.tally.testsupport.PackagedTally;
import dev.tally.testsupport.ScratchDatabase;

/** What the packaged application says when it cannot start: a sentence, and exit 1. */
@Timeout(180)
class StartIT {
    private static final String DIGEST = "393354dbbbe570c6a0b15e9720cb29162f92f530d5bf1c91d38003e9fefbf0f0";
    private static final String DIGEST_OF_ADMIN123 = "7daa70ae936c9ff9d0777f0fc62d38c4782b6332c31c60df4f3cb70d8fbf2c28";
    private static final String POSTGRES_PASSWORD = "s3cret-of-postgres";

    private final Path users;

    StartIT(@TempDir Path directory) throws IOException {
        users = Files.writeString(directory.resolve("users"), "ops = " + DIGEST + ", admin\n");
    }

    @Test
    void namesTheVariableOfTheDatabase() throws Exception {
        assertRefuses(Map.of("TALLY_USERS_FILE", users.toString()), "POSTGRES_URL is not set.");
    }

    @Test
    void namesTheVariableOfTheUsers() throws Exception {
        assertRefuses(Map.of("POSTGRES_URL", "jdbc:postgresql://127.0.0.1:1/tally"),
                "There are no users. TALLY_USERS_FILE names the file of them");
    }

    @Test
    void namesAFileOfUsersThatIsNotThere() throws Exception {
        assertRefuses(withUsers(users.resolveSibling("nowhere")), "TALLY_USERS_FILE names cannot be read");
    }

    @Test
    void namesALineThatIsNone() throws Exception {
        Files.writeString(users, "# users\nops " + DIGEST + " admin\n");

        assertRefuses(withUsers(users), "Line 2 of the file that TALLY_USERS_FILE names");
    }

    @Test
    void refusesThePasswordOfDevMode() throws Exception {
        Files.writeString(users, "admin = " + DIGEST_OF_ADMIN123 + ", admin\n");

        assertRefuses(withUsers(users), "The user admin has a password that everybody knows.");
    }

    @Test
    void refusesTheUsersOfDevModeWhateverTheProfile() throws Exception {
        Map<String, String> environment = Map.of("QUARKUS_PROFILE", "dev",
                "POSTGRES_URL", "jdbc:postgresql://127.0.0.1:1/tally");

        try (PackagedTally tally = PackagedTally.start(environment)) {
            assertThat(tally.exitCode()).isEqualTo(1);
            assertThat(tally.errors().lines()).hasSize(3)
                    .allMatch(line -> line.contains("has a password that everybody knows"));
        }
    }

    @Test
    void namesThemTogether() throws Exception {
        try (PackagedTally tally = PackagedTally.start(Map.of())) {
            assertThat(tally.exitCode()).isEqualTo(1);
            assertThat(tally.errors().lines()).satisfiesExactly(line -> assertThat(line).contains("POSTGRES_URL"),
                    line -> assertThat(line).contains("TALLY_USERS_FILE"));
        }
    }

    @Test
    void saysThatNothingListensWhereTheDatabaseToMigrateShouldBe() throws Exception {
        Map<String, String> environment = new HashMap<>(withUsers(users));
        environment.put("TALLY_POSTGRES_MIGRATE_AT_START", "true");

        assertRefuses(environment, "Connection to 127.0.0.1:1 refused");
    }

    @Test
    void saysThatNothingListensToBeMigrated() throws Exception {
        assertRefuses(PackagedTally.start(withUsers(users), "migrate"), "Connection to 127.0.0.1:1 refused");
    }

    @Test
    void saysWhatTheDatabaseToBeMigratedSays() throws Exception {
        Map<String, String> environment = new HashMap<>(withUsers(users));
        environment.put("POSTGRES_URL",
                ScratchDatabase.createEmpty("tally_it").replaceFirst("/[^/]*$", "/no_such_database"));

        assertRefuses(PackagedTally.start(environment, "migrate"), "database \"no_such_database\" does not exist");
    }

    @Test
    void doesNotWaitForADatabaseThatNeverAnswers() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Map<String, String> environment = new HashMap<>(withUsers(users));
            environment.put("POSTGRES_URL", "jdbc:postgresql://127.0.0.1:" + silent.getLocalPort() + "/tally");

            assertRefuses(PackagedTally.start(environment, "migrate"), "Connection attempt timed out");
        }
    }

    @Test
    void saysWhichArgumentsThereAre() throws Exception {
        try (PackagedTally tally = PackagedTally.start(withUsers(users), "migrate", "now")) {
            assertThat(tally.exitCode()).isEqualTo(2);
            assertThat(tally.errors().lines()).singleElement().asString().contains("migrate");
        }
    }

    @Test
    void saysThatNothingThatRunsHereIsReady() throws Exception {
        try (PackagedTally check = PackagedTally.start(Map.of("APP_PORT", "1"), "healthy")) {
            assertThat(check.exitCode()).isEqualTo(1);
            assertThat(check.errors().lines()).singleElement().asString()
                    .startsWith("Tally does not answer on port 1: ");
            assertThat(check.output()).isEmpty();
        }
    }

    private static Map<String, String> withUsers(Path file) {
        return Map.of("TALLY_USERS_FILE", file.toString(), "POSTGRES_URL", "jdbc:postgresql://127.0.0.1:1/tally",
                "POSTGRES_USER", "postgres", "POSTGRES_PASSWORD", POSTGRES_PASSWORD);
    }

    private static void assertRefuses(Map<String, String> environment, String sentence) throws InterruptedException {
        assertRefuses(PackagedTally.start(environment), sentence);
    }

    private static void assertRefuses(PackagedTally started, String sentence) throws InterruptedException {
        try (PackagedTally tally = started) {
            assertThat(tally.exitCode()).isEqualTo(1);
            assertThat(tally.errors().lines()).singleElement().asString().startsWith("Tally does not start: ")
                    .contains(sentence).doesNotContain(DIGEST, DIGEST_OF_ADMIN123, POSTGRES_PASSWORD);
            assertThat(tally.output()).isEmpty();
        }
    }
}
