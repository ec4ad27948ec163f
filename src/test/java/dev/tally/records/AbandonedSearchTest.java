package dev.tally.records;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.time.Duration;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.tally.testsupport.ClickHouseForTests;
import dev.tally.testsupport.NeedsClickHouse;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;

/** A client that does not wait for its answer does not pay for it, and ClickHouse does not go on. */
@QuarkusTest
@NeedsClickHouse
class AbandonedSearchTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

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
        ConsumerForTests consumer = ConsumerForTests.signUp();
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
}
