package dev.tally.reports;

import static dev.tally.testsupport.UsersForTests.as;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import java.util.Map;

import org.junit.jupiter.api.Test;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;

/** Who uses Tally for something else needs no account at Gcore. */
@QuarkusTest
@TestProfile(NoAccountTest.WithoutAccount.class)
class NoAccountTest {
    /** Neither user nor token. */
    public static final class WithoutAccount implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("tally.reports.gcore.username", "", "tally.reports.gcore.password", "");
        }
    }

    @Test
    void saysWhatTheOperatorHasToSet() {
        Orders.ofADay().post("cdn").then().statusCode(503).body("code", equalTo("REPORTS_NOT_CONFIGURED"))
                .body("detail", containsString("GCORE_USERNAME and GCORE_PASSWORD, or GCORE_API_TOKEN"));
        as("viewer").get("/reports").then().statusCode(200).body("count", equalTo(0));
        as("viewer").get("/health").then().statusCode(200);
    }
}
