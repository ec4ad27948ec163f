package dev.tally.platform.postgres;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import javax.sql.DataSource;

import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tally.testsupport.UsersForTests;
import io.agroal.api.AgroalDataSource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;

@QuarkusTest
@TestProfile(ConnectionBoundsTest.Small.class)
@Timeout(60)
class ConnectionBoundsTest {
    /** On the event loop, and of several subscribers, by JDBC. */
    private static final String USAGE = "/api/usage/352621000001";
    private static final String SEARCH = "/api/usage?msisdns=352621000001";
    private static final int CONNECTIONS = 3;

    private final AgroalDataSource pool;
    private final Flyway flyway;

    /** Bounds that a test can wait for. */
    public static final class Small implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("tally.postgres.max-connections", Integer.toString(CONNECTIONS),
                    "tally.postgres.max-statement-seconds", "1",
                    "tally.postgres.max-silence-seconds", "2",
                    "tally.postgres.max-wait-seconds", "1");
        }
    }

    ConnectionBoundsTest(AgroalDataSource pool, Flyway flyway) {
        this.pool = pool;
        this.flyway = flyway;
    }

    @ParameterizedTest
    @ValueSource(strings = {USAGE, USAGE + "/summary", SEARCH})
    void endsAQueryThatTakesTooLong(String path) throws SQLException {
        try (Connection lock = pool.getConnection(); Statement statement = lock.createStatement()) {
            lock.setAutoCommit(false);
            statement.execute("LOCK TABLE cdr_data.usage_day IN ACCESS EXCLUSIVE MODE");

            ValidatableResponse answer = as("viewer").get(path).then();

            answer.statusCode(503).body("code", is("QUERY_TOO_SLOW"));
            lock.rollback();
            lock.setAutoCommit(true);
        }
        as("viewer").get(path).then().statusCode(200);
    }

    @Test
    void letsNobodyWaitLongForAConnection() throws SQLException {
        try (Connection first = pool.getConnection();
                Connection second = pool.getConnection();
                Connection third = pool.getConnection()) {
            assertThat(first).isNotSameAs(second).isNotSameAs(third);

            ValidatableResponse answer = as("viewer").get(SEARCH).then();

            answer.statusCode(503).body("code", is("DATABASE_UNAVAILABLE")).header("Retry-After", notNullValue());
            given().get("/health").then().statusCode(503).body("database", is("unavailable"));
        }
        as("viewer").get(SEARCH).then().statusCode(200);
    }

    @Test
    void letsALoadTakeLonger() throws Exception {
        String upload = """
                        event_id,source,msisdn,call_type,start_time,duration_seconds
                        a,bounds,352621000001,voice,2024-01-01T10:00:00Z,60
                        """;
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
                Connection lock = pool.getConnection();
                Statement statement = lock.createStatement()) {
            lock.setAutoCommit(false);
            statement.execute("LOCK TABLE cdr_data.cdr_event IN ACCESS EXCLUSIVE MODE");

            Future<ValidatableResponse> load = executor
                    .submit(() -> as("operator").contentType("text/csv; charset=UTF-8").body(upload)
                            .post("/api/usage/cdrs").then());
            await().atMost(Duration.ofSeconds(30)).until(() -> waitsLongerThanBothBounds(statement));
            lock.rollback();
            lock.setAutoCommit(true);

            load.get().statusCode(200).body("loaded", is(1));
        }
    }

    @Test
    void givesAConnectionBackWithTheBoundsOfThePool() throws SQLException {
        as("operator").contentType("text/csv; charset=UTF-8")
                .body("event_id,msisdn,call_type,start_time,duration_seconds\n")
                .post("/api/usage/cdrs").then().statusCode(200);

        try (Connection first = pool.getConnection();
                Connection second = pool.getConnection();
                Connection third = pool.getConnection()) {
            for (Connection each : new Connection[]{first, second, third}) {
                assertThat(each.getNetworkTimeout()).isEqualTo(2_000);
                assertThat(statementTimeout(each)).isEqualTo("1s");
            }
        }
    }

    @Test
    void boundsNoMigration() throws SQLException {
        DataSource migrations = flyway.getConfiguration().getDataSource();

        try (Connection connection = migrations.getConnection()) {
            assertThat(statementTimeout(connection)).isEqualTo("0");
            assertThat(connection.getNetworkTimeout()).isZero();
        }
    }

    private static boolean waitsLongerThanBothBounds(Statement statement) throws SQLException {
        try (ResultSet result = statement
                .executeQuery("""
                              SELECT count(*) FROM pg_stat_activity
                               WHERE datname = current_database() AND wait_event_type = 'Lock'
                                 AND clock_timestamp() - query_start > interval '3 seconds'""")) {
            result.next();
            return result.getLong(1) == 1;
        }
    }

    private static String statementTimeout(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SHOW statement_timeout")) {
            result.next();
            return result.getString(1);
        }
    }

    private static RequestSpecification as(String user) {
        return UsersForTests.as(user);
    }
}
