package dev.tally.reports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.tally.local.GcoreStandIn;
import dev.tally.local.LocalPostgres;
import dev.tally.testsupport.EventReader;
import dev.tally.testsupport.PackagedTally;
import dev.tally.testsupport.ScratchDatabase;
import dev.tally.testsupport.UsersForTests;

/** Reports go on when a process is killed, wherever that hits it, and Gcore makes none of them twice. */
@Timeout(300)
class ReplicasIT {
    private static final int KILLS = 6;
    private static final int ORDERS_PER_KILL = 8;
    private static final Duration START_TIME = Duration.ofMillis(150);
    private static final LocalDate FIRST_DAY = LocalDate.of(2024, 1, 1);

    private final String url = ScratchDatabase.createEmpty("tally_replicas_it");
    private final GcoreStandIn gcore = new GcoreStandIn(Clock.systemUTC(), Duration.ofSeconds(1));
    private final Map<String, String> environment;
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private int days;

    ReplicasIT(@TempDir Path directory) throws IOException {
        Path users = Files.writeString(directory.resolve("users"),
                "operator = " + UsersForTests.digest("operator") + ", operator\n");
        environment = new HashMap<>(Map.of("TALLY_USERS_FILE", users.toString(), "POSTGRES_URL", url, "POSTGRES_USER",
                LocalPostgres.USER, "POSTGRES_PASSWORD", "none", "TALLY_POSTGRES_MIGRATE_AT_START", "true",
                "GCORE_API_BASE", gcore.url(), "GCORE_USERNAME", GcoreStandIn.USERNAME, "GCORE_PASSWORD",
                GcoreStandIn.PASSWORD));
        environment.putAll(Map.of("REPORT_POLL_INTERVAL", "1", "REQUEST_TIMEOUT", "2",
                "TALLY_REPORTS_WORK_LEASE_SECONDS", "2", "TALLY_REPORTS_WORK_SETTLE_SECONDS", "5"));
    }

    @AfterEach
    void close() {
        client.close();
        gcore.close();
    }

    @Test
    void losesNothingAndStartsNothingTwiceWhenOneOfTwoIsKilledAgainAndAgain() throws Exception {
        gcore.steer("{\"faults\":[{\"operation\":\"start\",\"kind\":\"DELAY\",\"millis\":" + START_TIME.toMillis()
                + ",\"times\":0}]}");
        List<String> accepted = new ArrayList<>();
        try (PackagedTally other = PackagedTally.start(environment)) {
            for (int kill = 0; kill < KILLS; kill++) {
                try (PackagedTally victim = PackagedTally.start(environment)) {
                    for (int order = 0; order < ORDERS_PER_KILL; order++) {
                        accepted.add(order(order % 2 == 0 ? victim : other, "respond-async").headers()
                                .firstValue("Location").orElseThrow());
                    }
                    // What closing does is kill -9: here in the midst of starts.
                }
            }
            for (String location : accepted) {
                await().atMost(Duration.ofSeconds(60))
                        .until(() -> get(other, location).path("status").asText().equals("completed"));
            }
        }

        assertThat(gcore.journal().path("reports")).hasSameSizeAs(accepted);
        assertThat(query("SELECT count(*) FROM reports.part WHERE due_at IS NOT NULL")).isEqualTo("0");
    }

    @Test
    void goesOnAfterAllHaveEnded() throws Exception {
        String location;
        try (PackagedTally tally = PackagedTally.start(environment)) {
            location = order(tally, "respond-async").headers().firstValue("Location").orElseThrow();
        }

        try (PackagedTally tally = PackagedTally.start(environment)) {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> get(tally, location).path("status").asText().equals("completed"));
            assertThat(get(tally, location).path("data")).hasSize(4);
        }
        assertThat(gcore.journal().path("reports")).hasSize(1);
    }

    @Test
    void answersWhoWaitsBeforeItEnds() throws Exception {
        gcore.steer("{\"options\":{\"completeAfterMillis\":600000}}");
        try (PackagedTally tally = PackagedTally.start(environment)) {
            var waiting = client.sendAsync(request(tally, "wait=100"), HttpResponse.BodyHandlers.ofString());
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> query("SELECT count(*) FROM reports.part WHERE gcore_uuid IS NOT NULL").equals("1"));
            tally.terminate();

            assertThat(waiting.get().statusCode()).isEqualTo(202);
            assertThat(tally.exitCode()).isIn(0, 143);
        }
        // Given back, so that the next process need not wait for the end of a lease of this one.
        assertThat(query("SELECT count(*) FROM reports.part WHERE due_at <= now() + interval '2 seconds'"))
                .isEqualTo("1");
    }

    /** While it serves on, others make what its clients wait for. */
    @Test
    void letsWhoWaitsGoOnWaitingWhileItServesOn() throws Exception {
        gcore.steer("{\"options\":{\"completeAfterMillis\":4000}}");
        Map<String, String> longer = new HashMap<>(environment);
        longer.put("QUARKUS_SHUTDOWN_DELAY", "60S");
        try (PackagedTally leaving = PackagedTally.start(longer);
                PackagedTally other = PackagedTally.start(environment)) {
            int unused = leaving.port() + other.port();
            var waiting = client.sendAsync(request(leaving, "wait=100"), HttpResponse.BodyHandlers.ofString());
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> query("SELECT count(*) FROM reports.part WHERE gcore_uuid IS NOT NULL").equals("1"));
            leaving.terminate();
            await().atMost(Duration.ofSeconds(60)).until(() -> leaving.output().contains("Told to end"));

            HttpResponse<String> answer = waiting.get();
            assertThat(leaving.isAlive()).isTrue();
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        }
        assertThat(gcore.journal().path("reports")).hasSize(1);
    }

    @Test
    void tellsWhatAnyProcessDoesToThoseWhoFollow() throws Exception {
        gcore.steer("{\"options\":{\"completeAfterMillis\":600000}}");
        try (PackagedTally one = PackagedTally.start(environment);
                PackagedTally other = PackagedTally.start(environment)) {
            String location = order(one, "respond-async").headers().firstValue("Location").orElseThrow();
            try (EventReader ofOne = follow(one, location); EventReader ofOther = follow(other, location)) {
                ofOne.awaitEvent("status", "pending");
                ofOther.awaitEvent("status", "pending");
                client.send(one.request(location).header("Authorization", UsersForTests.basic("operator")).DELETE()
                        .build(), HttpResponse.BodyHandlers.discarding());

                assertThat(ofOther.awaitEnd().getLast().path("status").asText()).isEqualTo("cancelled");
                assertThat(ofOne.awaitEnd().getLast()).isEqualTo(ofOther.events().getLast());
            }
        }
    }

    @Test
    void endsStreamsOfEventsBeforeItEnds() throws Exception {
        gcore.steer("{\"options\":{\"completeAfterMillis\":600000}}");
        try (PackagedTally tally = PackagedTally.start(environment)) {
            String location = order(tally, "respond-async").headers().firstValue("Location").orElseThrow();
            try (EventReader reader = follow(tally, location)) {
                reader.awaitEvent("status", "pending");
                tally.terminate();

                assertThat(reader.awaitEnd().getLast().path("progress").asDouble()).isLessThan(1);
                assertThat(tally.exitCode()).isIn(0, 143);
            }
        }
    }

    private static EventReader follow(PackagedTally tally, String location) {
        return EventReader.follow(
                tally.request(location + "/events").header("Authorization", UsersForTests.basic("operator")));
    }

    @Test
    void givesBackWhatItWorksOnSoThatAnotherNeedNotWaitForTheEndOfItsLease() throws Exception {
        environment.putAll(Map.of("TALLY_REPORTS_WORK_LEASE_SECONDS", "600", "REQUEST_TIMEOUT", "100"));
        gcore.steer("{\"faults\":[{\"operation\":\"download\",\"kind\":\"DELAY\",\"millis\":100000,\"times\":1}]}");
        try (PackagedTally leaving = PackagedTally.start(environment)) {
            String location = order(leaving, "respond-async").headers().firstValue("Location").orElseThrow();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> gcore.journal().path("requests").path("download").asInt() == 1);
            try (PackagedTally other = PackagedTally.start(environment)) {
                other.port();
                leaving.terminate();
                assertThat(leaving.exitCode()).isIn(0, 143);

                await().atMost(Duration.ofSeconds(60))
                        .until(() -> get(other, location).path("status").asText().equals("completed"));
                assertThat(get(other, location).path("data")).hasSize(4);
            }
        }
        assertThat(gcore.journal().path("reports")).hasSize(1);
    }

    @Test
    void beginsNothingThatOthersCanBeginOnceItIsToldToEnd() throws Exception {
        String location;
        try (PackagedTally leaving = PackagedTally.startAsShipped(environment)) {
            leaving.port();
            leaving.terminate();
            await().atMost(Duration.ofSeconds(60)).until(() -> leaving.output().contains("Told to end"));
            location = order(leaving, "respond-async").headers().firstValue("Location").orElseThrow();

            assertThat(leaving.exitCode()).isIn(0, 143);
            assertThat(query("SELECT count(*) FROM reports.part WHERE claim = 0")).isEqualTo("1");
        }
        try (PackagedTally other = PackagedTally.start(environment)) {
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> get(other, location).path("status").asText().equals("completed"));
        }
        assertThat(gcore.journal().path("reports")).hasSize(1);
    }

    private HttpResponse<String> order(PackagedTally tally, String preference)
            throws IOException, InterruptedException {
        HttpResponse<String> answer = client.send(request(tally, preference), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
        return answer;
    }

    private HttpRequest request(PackagedTally tally, String preference) {
        LocalDate day = FIRST_DAY.plusDays(days++);
        return tally.request("/reports/cloud").header("Authorization", UsersForTests.basic("operator"))
                .header("Content-Type", "application/json").header("Prefer", preference)
                .POST(HttpRequest.BodyPublishers.ofString("{\"gcore_user_id\":\"829449\",\"start_date\":\"" + day
                        + "\",\"end_date\":\"" + day + "\"}"))
                .build();
    }

    private JsonNode get(PackagedTally tally, String path) throws IOException, InterruptedException {
        return new ObjectMapper().readTree(client.send(
                tally.request(path).header("Authorization", UsersForTests.basic("operator")).build(),
                HttpResponse.BodyHandlers.ofString()).body());
    }

    private String query(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, LocalPostgres.USER, "");
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getString(1);
        }
    }
}
