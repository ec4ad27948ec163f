package dev.tally.reports;

import static dev.tally.testsupport.UsersForTests.as;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;

/** Orders of reports over HTTP, each over other days, so that none joins that of another test. */
final class Orders {
    static final String CLIENT = "829449";
    private static final LocalDate FIRST_DAY = LocalDate.of(2020, 1, 1);
    private static final AtomicInteger ORDERS = new AtomicInteger();

    private final Map<String, Object> body = new HashMap<>();

    private Orders(String gcoreUserId, LocalDate start, LocalDate end) {
        body.put("gcore_user_id", gcoreUserId);
        body.put("start_date", start.toString());
        body.put("end_date", end.toString());
    }

    /** A day's report of the client of the examples. */
    static Orders ofADay() {
        LocalDate day = FIRST_DAY.plusDays(ORDERS.incrementAndGet());
        return new Orders(CLIENT, day, day);
    }

    Orders with(String member, @Nullable Object value) {
        body.put(member, value);
        return this;
    }

    String startDate() {
        return String.valueOf(body.get("start_date"));
    }

    Map<String, Object> body() {
        return body;
    }

    RequestSpecification request() {
        return as("operator").contentType("application/json").body(body);
    }

    Response post(String product) {
        return request().post("/reports/" + product);
    }

    Response postAsync(String product) {
        return request().header("Prefer", "respond-async").post("/reports/" + product);
    }
}
