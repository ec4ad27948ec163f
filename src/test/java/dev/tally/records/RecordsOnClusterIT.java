package dev.tally.records;

import static dev.tally.testsupport.TwoReplicas.as;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

import com.fasterxml.jackson.databind.JsonNode;

import dev.tally.local.ClusterMember;
import dev.tally.local.LocalClickHouse;
import dev.tally.testsupport.NeedsClickHouse;
import dev.tally.testsupport.PackagedTally;

/**
 * The same with the records spread over two servers, each of which one process asks. They are real, and speak their native
 * protocol with each other; but the local engine has neither Keeper nor ON CLUSTER, so that the tables are made here, and
 * those of a shard have no replicas.
 */
@NeedsClickHouse
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RecordsOnClusterIT extends RecordsOfReplicasIT {
    private static final String CLUSTER = "spread";
    private static final int SHARDS = 2;
    private static final int RECORDS = 1000;
    private static final String TABLES = "src/main/resources/clickhouse/cluster/V1__records.sql";

    @Override
    List<LocalClickHouse> start(Path library, Path directory) throws IOException {
        List<Integer> ports = freePorts();
        List<LocalClickHouse> servers = new ArrayList<>();
        for (int shard = 0; shard < SHARDS; shard++) {
            servers.add(LocalClickHouse.start(library, directory.resolve("clickhouse-" + shard), Optional.empty(),
                    Optional.of(new ClusterMember(CLUSTER, shard, ports))));
        }
        for (LocalClickHouse server : servers) {
            query(server, "default", "CREATE DATABASE tally ENGINE = Atomic");
            for (String table : Files.readString(Path.of(TABLES)).split(";\n", -1)) {
                if (!table.isBlank()) {
                    query(server, "tally", withoutKeeper(table));
                }
            }
        }
        return servers;
    }

    private static String withoutKeeper(String table) {
        return table.replace("ON CLUSTER '${cluster}'", "").replace("${cluster}", CLUSTER)
                .replace("${database}", "tally")
                .replaceFirst("ReplicatedReplacingMergeTree\\([^\\n]*, version\\)", "ReplacingMergeTree(version)")
                .replace("replicated_deduplication_window", "non_replicated_deduplication_window");
    }

    private static List<Integer> freePorts() throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int shard = 0; shard < SHARDS; shard++) {
                sockets.add(new ServerSocket(0));
            }
            return sockets.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket socket : sockets) {
                socket.close();
            }
        }
    }

    @Override
    Map<String, String> environment(LocalClickHouse server) {
        Map<String, String> environment = new HashMap<>(super.environment(server));
        environment.putAll(Map.of("CLICKHOUSE_CLUSTER", CLUSTER, "TALLY_CLICKHOUSE_MIGRATE_AT_START", "false"));
        return environment;
    }

    private static String query(LocalClickHouse server, String database, String sql) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.url() + "/?database=" + database))
                .header("X-ClickHouse-User", LocalClickHouse.USER).header("X-ClickHouse-Key", server.password())
                .POST(HttpRequest.BodyPublishers.ofString(sql)).build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            return response.body().strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private long rows(LocalClickHouse server, String table) {
        return Long.parseLong(query(server, "tally", "SELECT count() FROM " + table
                + " WHERE canonical_key LIKE 'spread%'"));
    }

    @Test
    @Order(1)
    void spreadRecordsOverTheShardsAndTakeNoBlockTwice() throws Exception {
        String rows = IntStream.range(0, RECORDS).mapToObj("spread_%04d,Spread\n"::formatted)
                .collect(Collectors.joining());
        String answer = "";
        for (PackagedTally replica : List.of(both().one(), both().other())) {
            HttpResponse<String> loaded = both().send(as("operator", replica, "/records")
                    .header("Content-Type", "text/csv").header("Idempotency-Key", "spread")
                    .POST(HttpRequest.BodyPublishers.ofString("canonical_key,name\n" + rows)));
            assertThat(loaded.statusCode()).as(loaded.body()).isEqualTo(200);
            answer = loaded.body();
        }

        assertThat(answer).contains("\"loaded\":" + RECORDS);
        assertThat(servers()).allSatisfy(server -> assertThat(rows(server, "records_local")).isBetween(400L, 600L));
        // Without FINAL: each is there once.
        assertThat(servers()).allSatisfy(server -> assertThat(rows(server, "records")).isEqualTo(RECORDS));
    }

    @Test
    @Order(2)
    void pageThroughAllShardsInTheOrderOfTheKeys() throws Exception {
        String key = both().signUp(both().one(), "pages@example.com");
        List<String> keys = new ArrayList<>();
        for (int page = 0; page < 4; page++) {
            JsonNode found = both().json(both().inTurn(page).request("/query?limit=250&name_like=spread"
                    + (keys.isEmpty() ? "" : "&after=" + keys.getLast())).header("x-api-key", key));
            found.path("data").forEach(one -> keys.add(one.path("canonical_key").asText()));
            assertThat(found.path("metadata").path("total_records").asInt()).as(found.toString()).isEqualTo(RECORDS);
        }

        assertThat(keys).isEqualTo(IntStream.range(0, RECORDS).mapToObj("spread_%04d"::formatted).toList());
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void neverTakeOneShardForAllOfThem() throws Exception {
        String key = both().signUp(both().one(), "broken@example.com");
        servers().getLast().close();

        HttpResponse<String> answer = both().send(both().one().request("/query?name_like=spread&limit=10")
                .header("x-api-key", key));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
        assertThat(answer.body()).contains("RECORDS_UNAVAILABLE");
        assertThat(both().json(both().one().request("/me").header("x-api-key", key)).path("credits").asInt())
                .isEqualTo(100);
    }
}
