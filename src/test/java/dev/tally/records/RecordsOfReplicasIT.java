package dev.tally.records;

import static dev.tally.testsupport.TwoReplicas.as;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import com.fasterxml.jackson.databind.JsonNode;

import dev.tally.local.ClickHouseLibrary;
import dev.tally.local.LocalClickHouse;
import dev.tally.testsupport.NeedsClickHouse;
import dev.tally.testsupport.PackagedTally;
import dev.tally.testsupport.TwoReplicas;

/** Two processes on one ClickHouse: the totals that each keeps are never old, and credits are spent once. */
@NeedsClickHouse
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RecordsOfReplicasIT {
    private static final int ROUNDS = 10;
    private static final int CREDITS = 100;

    private final List<LocalClickHouse> servers = new ArrayList<>();
    private TwoReplicas both;

    @BeforeAll
    void start(@TempDir Path directory) throws IOException {
        Path library = ClickHouseLibrary.ofUser().find().library().orElseThrow();
        servers.addAll(start(library, directory));
        both = TwoReplicas.start(directory, "tally_two_records_it", environment(servers.getFirst()),
                environment(servers.getLast()));
    }

    /** The servers of ClickHouse: one of the processes asks the first, the other the last. */
    List<LocalClickHouse> start(Path library, Path directory) throws IOException {
        return List.of(LocalClickHouse.start(library, directory.resolve("clickhouse"), Optional.empty()));
    }

    Map<String, String> environment(LocalClickHouse server) {
        return Map.of("CLICKHOUSE_HOST", "127.0.0.1", "CLICKHOUSE_PORT",
                Integer.toString(URI.create(server.url()).getPort()), "CLICKHOUSE_SECURE", "false",
                "CLICKHOUSE_USER", LocalClickHouse.USER, "CLICKHOUSE_PASSWORD", server.password(),
                "CLICKHOUSE_DATABASE", "tally");
    }

    List<LocalClickHouse> servers() {
        return servers;
    }

    TwoReplicas both() {
        return both;
    }

    @AfterAll
    void stop() {
        both.close();
        servers.forEach(LocalClickHouse::close);
    }

    @Test
    void countEachLoadAtOnceWhicheverHasMadeIt() throws Exception {
        String key = both.signUp(both.one(), "totals@example.com");
        for (int round = 1; round <= ROUNDS; round++) {
            load(both.inTurn(round), "total_" + round + ",Total " + round + "\ntotal_0,Replaced " + round + "\n");

            // Not at the end, so that it has to be counted, or to be known.
            for (PackagedTally replica : List.of(both.inTurn(round + 1), both.inTurn(round))) {
                JsonNode found = both.json(replica.request("/query?limit=1&name_like=total").header("x-api-key", key));
                assertThat(found.path("metadata").path("total_records").asInt()).as(found.toString())
                        .isEqualTo(round);
            }
        }
        assertThat(both.json(both.other().request("/record/total_0").header("x-api-key", key)).path("data")
                .path("name").asText()).isEqualTo("Replaced " + ROUNDS);
    }

    @Test
    void spendNoMoreCreditsThanThereAreWhenBothAreAskedAtOnce() throws Exception {
        load(both.one(), "spent,Spent\n");
        String key = both.signUp(both.other(), "spender@example.com");

        List<Integer> statuses = IntStream.range(0, CREDITS + 60)
                .mapToObj(number -> both.client().sendAsync(
                        both.inTurn(number).request("/record/spent").header("x-api-key", key).build(),
                        HttpResponse.BodyHandlers.ofString()))
                .toList().stream().map(CompletableFuture::join).map(HttpResponse::statusCode).toList();

        assertThat(statuses).containsOnly(200, 402);
        assertThat(statuses.stream().filter(status -> status == 200)).hasSize(CREDITS);
        assertThat(both.json(both.one().request("/me").header("x-api-key", key)).path("credits").asInt()).isZero();
    }

    void load(PackagedTally replica, String rows) throws IOException, InterruptedException {
        HttpResponse<String> loaded = both.send(as("operator", replica, "/records").header("Content-Type", "text/csv")
                .POST(HttpRequest.BodyPublishers.ofString("canonical_key,name\n" + rows)));
        assertThat(loaded.statusCode()).as(loaded.body()).isEqualTo(200);
    }
}
