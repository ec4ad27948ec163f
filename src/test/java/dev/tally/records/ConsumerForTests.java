package dev.tally.records;

import static io.restassured.RestAssured.given;

import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;

import dev.tally.testsupport.PostgresForTests;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;

/** A user who has signed up, and the key of the user. */
record ConsumerForTests(long userId, String apiKey) {
    static ConsumerForTests signUp() {
        var answer = given().contentType(ContentType.JSON)
                .body(Map.of("name", "Tester", "email", UUID.randomUUID() + "@example.com")).post("/auth/signup").then()
                .statusCode(201).extract().jsonPath();
        return new ConsumerForTests(answer.getLong("user_id"), answer.getString("api_key"));
    }

    RequestSpecification request() {
        return given().header("x-api-key", apiKey).urlEncodingEnabled(true);
    }

    long balance() {
        return number("SELECT credits_balance FROM credits WHERE user_id = " + userId);
    }

    /** Of the ledger, which must be the balance. */
    long ledger() {
        return number("SELECT sum(amount) FROM ledger_entries WHERE user_id = " + userId);
    }

    private static long number(String sql) {
        try (var connection = PostgresForTests.dataSource().getConnection();
                var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
