package dev.tally.records;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import jakarta.inject.Inject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.tally.testsupport.ClickHouseForTests;
import dev.tally.testsupport.ConsumersForTests;
import dev.tally.testsupport.ConsumersForTests.Signed;
import dev.tally.testsupport.NeedsClickHouse;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;

/** What holds while ClickHouse takes long. */
@QuarkusTest
@NeedsClickHouse
class SlowSearchTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final int CALLERS = 4;

    @Inject
    RecordQueries queries;

    @Inject
    RecordTotals totals;

    @Inject
    MeterRegistry registry;

    /** A table in place of the real one, of which each read takes longer than this test wants to wait. */
    @BeforeEach
    void makeItSlow() {
        ClickHouseForTests.query("CREATE TABLE tally.slow_records (canonical_key String, email String, phone String,"
                + " dob Nullable(Date32), version UInt64, name String ALIAS toString(sleepEachRow(2.9)))"
                + " ENGINE = ReplacingMergeTree(version) ORDER BY canonical_key");
        ClickHouseForTests.query("INSERT INTO tally.slow_records (canonical_key) VALUES ('slow')");
        ClickHouseForTests.query("EXCHANGE TABLES tally.records AND tally.slow_records");
    }

    @AfterEach
    void makeItQuick() {
        ClickHouseForTests.query("EXCHANGE TABLES tally.records AND tally.slow_records");
        ClickHouseForTests.query("DROP TABLE tally.slow_records SYNC");
    }

    private static long running() {
        return Long.parseLong(ClickHouseForTests.query(
                "SELECT count() FROM system.processes WHERE query LIKE '%FROM records FINAL%' AND query NOT LIKE '%system.processes%'")
                .strip());
    }

    @Test
    void killsTheSearchAndGivesTheCreditsBack() throws IOException {
        Signed consumer = ConsumersForTests.signUp();
        try (Socket client = new Socket("localhost", RestAssured.port)) {
            client.setSoLinger(true, 0);
            client.getOutputStream().write(("GET /query HTTP/1.1\r\nHost: localhost\r\nx-api-key: " + consumer.apiKey()
                    + "\r\n\r\n").getBytes(US_ASCII));
            client.getOutputStream().flush();
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> running() > 0);
            assertThat(consumer.balance()).isEqualTo(99);
        }

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(consumer.balance()).isEqualTo(100));
        assertThat(consumer.ledger()).isEqualTo(100);
        await().atMost(PATIENCE).until(() -> running() == 0);
    }

    @Test
    void countsATotalOnceForAllWhoAskMeanwhile() throws Exception {
        RecordSearch search = new RecordSearch(Optional.of("0"), Optional.empty());
        RecordQueries.Slice page = new RecordQueries.Slice(List.of(), true, OptionalLong.of(queries.state()));
        double before = statements();
        CyclicBarrier start = new CyclicBarrier(CALLERS);
        Callable<Long> caller = () -> {
            start.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            return totals.total(search, new RecordSlice(1, 0, Optional.empty()), page);
        };

        List<Long> counted = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(CALLERS)) {
            for (Future<Long> total : threads.invokeAll(Collections.nCopies(CALLERS, caller))) {
                counted.add(total.get());
            }
        }

        assertThat(counted).hasSize(CALLERS).containsOnly(1L);
        assertThat(statements() - before).isEqualTo(1);
        assertThat(totals.total(search, new RecordSlice(1, 0, Optional.empty()), page)).isEqualTo(1);
        assertThat(statements() - before).isEqualTo(1);
    }

    private double statements() {
        return registry.get("tally.clickhouse.requests").timers().stream().mapToDouble(Timer::count).sum();
    }
}
