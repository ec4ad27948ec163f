package dev.tally.testsupport;

import static io.restassured.RestAssured.given;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.UUID;

import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;

/** Users with API keys of the application under test. */
public final class ConsumersForTests {
    private ConsumersForTests() {}

    /** A user with a key. */
    public record Signed(long userId, String email, String apiKey) {
        /** A request of the user. */
        public RequestSpecification request() {
            return with(apiKey);
        }

        /** What the user may spend. */
        public long balance() {
            return number("SELECT credits_balance FROM credits WHERE user_id = " + userId);
        }

        /** Of the ledger, which must be the balance. */
        public long ledger() {
            return number("SELECT sum(amount) FROM ledger_entries WHERE user_id = " + userId);
        }
    }

    /** A request with a key. */
    public static RequestSpecification with(String apiKey) {
        return given().header("x-api-key", apiKey);
    }

    /** A new user. */
    public static Signed signUp() {
        String email = "john." + UUID.randomUUID() + "@example.com";
        Response answer = given().contentType("application/json").body(Map.of("name", "John Smith", "email", email))
                .post("/auth/signup");
        answer.then().statusCode(201);
        return new Signed(answer.jsonPath().getLong("user_id"), email, answer.path("api_key"));
    }

    /** A new user whose keys have these scopes, separated by commas. */
    public static Signed signUp(String scopes) {
        Signed signed = signUp();
        execute("UPDATE users SET scopes = '{" + scopes + "}' WHERE id = " + signed.userId);
        return signed;
    }

    /** What an operator does by hand. */
    public static void execute(String sql) {
        try (Connection connection = PostgresForTests.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long number(String sql) {
        try (Connection connection = PostgresForTests.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
