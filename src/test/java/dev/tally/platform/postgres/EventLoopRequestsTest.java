package dev.tally.platform.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;

import java.net.Socket;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.tally.testsupport.PostgresForTests;
import dev.tally.testsupport.RawHttp;
import dev.tally.testsupport.UsersForTests;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;

/** What becomes of a request on the event loop when its database or its client does not hold out. */
@QuarkusTest
@TestProfile(EventLoopRequestsTest.OneConnection.class)
@Timeout(60)
class EventLoopRequestsTest {
    private static final String USAGE = "/api/usage/352621000001";
    private static final Duration SOON = Duration.ofSeconds(20);
    /** The queries of this application on the event loop: they wait for a lock that a test holds. */
    private static final String WAITING = " FROM pg_stat_activity WHERE datname = current_database()"
            + " AND wait_event_type = 'Lock' AND query LIKE 'SELECT epoch_day%'";

    private final Connection lock;
    private final Statement statement;

    EventLoopRequestsTest() throws SQLException {
        lock = PostgresForTests.dataSource().getConnection();
        statement = lock.createStatement();
    }

    /** So that a second request waits for the first. */
    public static final class OneConnection implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("tally.postgres.max-event-loop-connections", "1",
                    "tally.postgres.max-wait-seconds", "1");
        }
    }

    @AfterEach
    void close() throws SQLException {
        lock.close();
    }

    @Test
    void letsNobodyWaitLongForAConnection() throws Exception {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            lockTheDays();
            Future<ValidatableResponse> first = executor.submit(() -> get(USAGE));
            awaitWaiting(1);

            get(USAGE).statusCode(503).body("code", is("DATABASE_UNAVAILABLE")).header("Retry-After", notNullValue());
            lock.rollback();

            first.get().statusCode(200);
        }
        get(USAGE).statusCode(200);
    }

    @Test
    void answersWhenItsConnectionIsCut() throws Exception {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            lockTheDays();
            Future<ValidatableResponse> cut = executor.submit(() -> get(USAGE));
            awaitWaiting(1);

            statement.execute("SELECT pg_terminate_backend(pid)" + WAITING);

            cut.get().statusCode(503).body("code", is("DATABASE_UNAVAILABLE")).header("Retry-After", notNullValue());
            lock.rollback();
        }
        get(USAGE).statusCode(200);
    }

    @Test
    void takesAnotherConnectionForOneThatWasCutWhileNobodyUsedIt() throws SQLException {
        get(USAGE).statusCode(200);

        statement.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                + " WHERE datname = current_database() AND pid <> pg_backend_pid()");

        await().atMost(SOON).untilAsserted(() -> get(USAGE).statusCode(200));
    }

    @Test
    void stopsTheQueryOfAClientThatGoesAway() throws Exception {
        lockTheDays();
        Socket client = RawHttp.send("GET " + USAGE + " HTTP/1.1\r\nHost: tally\r\n" + RawHttp.VIEWER + "\r\n");
        awaitWaiting(1);

        client.close();

        awaitWaiting(0);
        lock.rollback();
        get(USAGE).statusCode(200);
    }

    @Test
    void doesNotStopTheQueryOfAnotherWhenAClientGoesAway() throws Exception {
        for (int i = 0; i < 50; i++) {
            Socket client = RawHttp.send("GET " + USAGE + " HTTP/1.1\r\nHost: tally\r\n" + RawHttp.VIEWER + "\r\n");
            client.close();

            get(USAGE).statusCode(200);
        }
    }

    @Test
    void forgetsAClientThatGoesAwayBeforeItsTurn() throws Exception {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            lockTheDays();
            Future<ValidatableResponse> first = executor.submit(() -> get(USAGE));
            awaitWaiting(1);
            Socket second = RawHttp.send("GET " + USAGE + " HTTP/1.1\r\nHost: tally\r\n" + RawHttp.VIEWER + "\r\n");

            second.close();
            lock.rollback();

            first.get().statusCode(200);
            get(USAGE).statusCode(200);
        }
    }

    @Test
    void keepsToTheBoundsOfTheOtherPool() throws SQLException {
        get(USAGE).statusCode(200);

        try (ResultSet session = statement.executeQuery("SELECT application_name FROM pg_stat_activity"
                + " WHERE datname = current_database() AND query LIKE 'SELECT epoch_day%'")) {
            assertThat(session.next()).isTrue();
            assertThat(session.getString(1)).isEqualTo("tally");
        }
    }

    private void lockTheDays() throws SQLException {
        lock.setAutoCommit(false);
        statement.execute("LOCK TABLE cdr_data.usage_day IN ACCESS EXCLUSIVE MODE");
    }

    private void awaitWaiting(int queries) {
        await().atMost(SOON).untilAsserted(() -> {
            // In a transaction, what a statement saw of the activity is what the next one sees.
            statement.execute("SELECT pg_stat_clear_snapshot()");
            try (ResultSet result = statement.executeQuery("SELECT count(*)" + WAITING)) {
                result.next();
                assertThat(result.getInt(1)).isEqualTo(queries);
            }
        });
    }

    private static ValidatableResponse get(String path) {
        return UsersForTests.as("viewer").get(path).then();
    }
}
