package dev.tally.platform.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import dev.tally.local.LocalPostgres;
import dev.tally.testsupport.PackagedTally;
import dev.tally.testsupport.ScratchDatabase;
import dev.tally.testsupport.UsersForTests;

/**
 * What alerts compare with what was before is there before anything has happened: the first fault of a process is an
 * increase only if there was a zero, and nothing is less than a figure that does not exist.
 */
@Timeout(180)
class FirstMetricsIT {
    private static final Path ALERTS = Path.of("k8s", "monitoring", "alerts.yml");
    private static final Pattern INCREASE = Pattern
            .compile("increase\\((tally_\\w+)(?:\\{(\\w+)=~?\"([^\"]*)\"})?\\[");
    /** Of which the alert wants many. */
    private static final Set<String> LATER = Set.of("tally_gcore_token_total");
    /** What a process does for the first time by a timer. */
    private static final Duration FIRST_TURN = Duration.ofSeconds(60);

    @Test
    void areThereBeforeAnythingHasHappened(@TempDir Path directory) throws Exception {
        Path users = Files.writeString(directory.resolve("users"),
                "viewer = " + UsersForTests.digest("viewer") + ", viewer\n");
        try (PackagedTally tally = PackagedTally.start(Map.of("TALLY_USERS_FILE", users.toString(), "POSTGRES_URL",
                ScratchDatabase.createEmpty("tally_first_metrics"), "POSTGRES_USER", LocalPostgres.USER,
                "POSTGRES_PASSWORD", "none", "TALLY_POSTGRES_MIGRATE_AT_START", "true"));
                HttpClient client = HttpClient.newHttpClient()) {
            Set<String> wanted = wanted();
            int unused = tally.port();

            await().atMost(FIRST_TURN).untilAsserted(() -> {
                List<String> there = metrics(client, tally).lines().toList();
                assertThat(wanted).isNotEmpty().allSatisfy(
                        series -> assertThat(there).anyMatch(line -> line.matches(series)));
            });
        }
    }

    /** By the sweep's own clock, also when it has never come to its end. */
    @Test
    void sayWhenChargesWereLookedForBeforeTheyCouldBe(@TempDir Path directory) throws Exception {
        Path users = Files.writeString(directory.resolve("users"),
                "viewer = " + UsersForTests.digest("viewer") + ", viewer\n");
        try (PackagedTally tally = PackagedTally.start(Map.of("TALLY_USERS_FILE", users.toString(), "POSTGRES_URL",
                "jdbc:postgresql://127.0.0.1:1/none", "POSTGRES_USER", "none", "POSTGRES_PASSWORD", "none"));
                HttpClient client = HttpClient.newHttpClient()) {
            assertThat(metrics(client, tally)).containsPattern("tally_credits_sweep_timestamp_seconds [1-9]");
        }
    }

    /** The samples that alerts look at the growth of, as patterns of lines. */
    private static Set<String> wanted() throws IOException {
        Set<String> wanted = new TreeSet<>();
        INCREASE.matcher(Files.readString(ALERTS)).results().filter(each -> !LATER.contains(each.group(1)))
                .forEach(each -> series(each).forEach(wanted::add));
        return wanted;
    }

    private static Stream<String> series(MatchResult increase) {
        return increase.group(2) == null
                ? Stream.of(increase.group(1) + "[ {].*")
                : Stream.of(increase.group(3).split("\\|", -1)).map(
                        value -> increase.group(1) + "\\{.*" + increase.group(2) + "=\"" + value + "\".*");
    }

    private static String metrics(HttpClient client, PackagedTally tally) throws IOException, InterruptedException {
        return client.send(tally.request("/q/metrics").header("Authorization", UsersForTests.basic("viewer")).build(),
                HttpResponse.BodyHandlers.ofString()).body();
    }
}
