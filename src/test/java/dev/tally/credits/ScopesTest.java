package dev.tally.credits;

import static dev.tally.testsupport.ConsumersForTests.signUp;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.tally.testsupport.ConsumersForTests.Signed;
import dev.tally.testsupport.UsersForTests;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;

/** What a key reads beside records, when an administrator lets it. */
@QuarkusTest
class ScopesTest {
    @ParameterizedTest
    @CsvSource({"calls,        /api/usage/352621000001", "calls,        /api/usage/352621000001/summary",
            "analytics,    /analytics", "interactions, /api/v1/stats/customers", "reports,      /reports"})
    void readsAJobWithItsScopeOnly(String scope, String path) {
        Signed with = signUp(scope);
        Signed without = signUp("calls,analytics,interactions,reports".replaceAll(",?" + scope, "")
                .replaceFirst("^,", ""));

        with.request().get(path).then().statusCode(200);
        without.request().get(path).then().statusCode(403).body("code", is("FORBIDDEN"));
        signUp().request().get(path).then().statusCode(403);
    }

    @ParameterizedTest
    @CsvSource({"POST, /api/usage/cdrs", "GET, /api/v1/imports", "GET, /q/metrics", "GET, /q/no-such-path"})
    void leavesToOperatorsWhatIsTheirs(String method, String path) {
        Signed user = signUp("calls,analytics,interactions,reports");

        user.request().contentType("text/csv").request(method, path).then().statusCode(403)
                .body("code", is("FORBIDDEN"));
    }

    @Test
    void seesTheReportsThatItAskedForItself() {
        Map<String, String> order = Map.of("gcore_user_id", "829449", "start_date", "2019-01-01", "end_date",
                "2019-01-02");
        Signed user = signUp("reports");
        Signed stranger = signUp("reports");

        Response made = user.request().contentType("application/json").header("Prefer", "wait=60").body(order)
                .post("/reports/cloud");
        made.then().statusCode(200);
        String path = "/reports/gcore/" + made.path("uuid");

        user.request().get(path).then().statusCode(200);
        user.request().post(path + "/download").then().statusCode(200);
        user.request().get("/reports").then().body("data", hasSize(1));
        UsersForTests.as("viewer").get(path).then().statusCode(200);
        stranger.request().get(path).then().statusCode(404).body("code", is("REPORT_NOT_FOUND"));
        stranger.request().accept("text/csv").get(path).then().statusCode(404);
        stranger.request().post(path + "/download").then().statusCode(404);
        stranger.request().get("/reports").then().body("data", hasSize(0));
        user.request().get(path + "/deliveries").then().statusCode(403);
        user.request().delete(path).then().statusCode(403);
        signUp("calls").request().contentType("application/json").body(order).post("/reports/cloud").then()
                .statusCode(403);
    }

    @Test
    void seesAReportThatItJoined() {
        Map<String, String> order = Map.of("gcore_user_id", "829449", "start_date", "2019-02-01", "end_date",
                "2019-02-02");
        Signed user = signUp("reports");
        String uuid = UsersForTests.as("operator").contentType("application/json").body(order)
                .header("Prefer", "respond-async").post("/reports/cloud").path("uuid");
        user.request().get("/reports/gcore/" + uuid).then().statusCode(404);

        Response joined = user.request().contentType("application/json").body(order).header("Prefer", "wait=60")
                .post("/reports/cloud");

        joined.then().statusCode(200);
        user.request().get("/reports/gcore/" + joined.path("uuid")).then().statusCode(200);
    }
}
