package dev.tally.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.tally.testsupport.GcoreSteering;
import dev.tally.testsupport.SetClock;

/** What the tests of others rely on, as they see it: by HTTP. */
@Timeout(60)
class GcoreStandInTest {
    private static final String REPORTS = "/billing/org/v1/reports";
    private static final String CLOUD = """
                                        {"template_code":"ResellerStatistics","parameters":{"date_from":"2025-09-01","date_to":"2025-09-25",
                                         "features":[2362,2363],"group_by":["client"]}}""";

    private final SetClock clock = new SetClock(Instant.parse("2026-08-01T00:00:00Z"));
    private final GcoreStandIn standIn = new GcoreStandIn(clock, Duration.ofSeconds(8));
    private final GcoreSteering steering = new GcoreSteering(standIn.url());
    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        client.close();
        standIn.close();
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.header("Authorization", "APIKey " + GcoreStandIn.API_TOKEN).build(),
                BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(standIn.url() + path));
    }

    private JsonNode start(String body) throws Exception {
        return new ObjectMapper().readTree(send(request(REPORTS).POST(BodyPublishers.ofString(body))).body());
    }

    private String download(String uuid, String format) throws Exception {
        return send(request(REPORTS + "/" + uuid + "/download?format=" + format)).body();
    }

    @Test
    void writesTheRowsOfTheExampleWithRepeatedCellsLeftEmpty() throws Exception {
        String uuid = start(CLOUD).path("uuid").asText();
        clock.advance(Duration.ofSeconds(8));

        List<String> lines = download(uuid, "csv").lines().toList();

        assertThat(lines).hasSize(7).contains("829449,SDG Test 2,2362,Block Storage (Standard) - Gb,0.4965,GBM,")
                .startsWith("Client ID,Company name,Feature ID,Feature name,Metric value,Unit name,Region");
        assertThat(lines.get(4)).startsWith(",,2363,Floating IP,");
        assertThat(lines.get(5)).startsWith("830002,\"Müller & Söhne, GmbH\",2362,");
        assertThat(download(uuid, "json")).contains("[829449,\"SDG Test 2\",2362,\"Block Storage (Standard) - Gb\","
                + "\"0.4965\",\"GBM\",\"\"]");
        assertThat(download(uuid, "xlsx")).contains("Failed to render report");
    }

    @Test
    void givesTheSameRowsForTheSameParameters() throws Exception {
        steering.option("csvBom", true);
        steering.option("csvReordered", true);
        steering.option("rows", 1000);
        String first = start(CLOUD).path("uuid").asText();
        String second = start(CLOUD).path("uuid").asText();
        clock.advance(Duration.ofSeconds(8));

        String rows = download(first, "csv");

        assertThat(rows).isEqualTo(download(second, "csv")).startsWith("\ufeffRegion,Metric value,Unit name,Client ID");
        assertThat(rows.lines()).hasSize(1 + 2 + 1000 + 2);
    }

    @Test
    void takesItsTimeAndFollowsScripts() throws Exception {
        steering.script("Cancelled", Duration.ofSeconds(2), "Waiting");
        String scripted = start(CLOUD).path("uuid").asText();
        String ordinary = start(CLOUD).path("uuid").asText();

        assertThat(List.of(status(scripted), status(ordinary))).containsExactly("Waiting", "Pending");
        clock.advance(Duration.ofSeconds(2));
        assertThat(List.of(status(scripted), status(ordinary))).containsExactly("Cancelled", "InProgress");
        clock.advance(Duration.ofSeconds(6));
        assertThat(List.of(status(scripted), status(ordinary))).containsExactly("Cancelled", "Completed");
        JsonNode journal = steering.report(UUID.fromString(ordinary)).orElseThrow();
        assertThat(journal.path("status_requests").asInt()).isEqualTo(3);
        assertThat(journal.path("min_gap_millis").asInt()).isEqualTo(2000);
    }

    private String status(String uuid) throws Exception {
        return new ObjectMapper().readTree(send(request(REPORTS + "/" + uuid)).body()).path("status").asText();
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "{}",
            "{\"template_code\":\"ResellerStatistics\",\"parameters\":{\"features\":[9999],\"date_from\":\"2025-09-01\",\"date_to\":\"2025-09-02\"}}",
            "{\"template_code\":\"ResellerStatistics\",\"parameters\":{\"features\":[1],\"date_from\":\"2025-09-02\",\"date_to\":\"2025-09-02\"}}",
            "{\"template_code\":\"ResellerStatistics\",\"parameters\":{\"features\":[1],\"date_from\":\"1.9.2025\",\"date_to\":\"2025-09-02\"}}"})
    void refusesWhatGcoreWouldRefuse(String body) throws Exception {
        assertThat(send(request(REPORTS).POST(BodyPublishers.ofString(body))).statusCode()).isEqualTo(400);
        assertThat(steering.journal().path("reports")).isEmpty();
    }

    @Test
    void letsNobodyInWithoutAToken() throws Exception {
        assertThat(client.send(request(REPORTS).build(), BodyHandlers.ofString()).statusCode()).isEqualTo(401);
    }
}
