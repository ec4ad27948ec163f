package dev.tally.platform.ratelimit;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tally.testsupport.RatesForTests;
import dev.tally.testsupport.UsersForTests;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;

/** Each test comes from addresses of its own. */
@QuarkusTest
@TestProfile(RateLimitsTest.Few.class)
class RateLimitsTest {
    private static final AtomicInteger ADDRESSES = new AtomicInteger();
    private static final String WRONG = "no key at all";
    private static final String ADMIN_KEY = "known-to-the-tests-of-rates-and-to-nobody-else";

    /** Rates that a test can use up, and a proxy whose word is taken. */
    public static final class Few implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            // Windows in which nothing comes back while a test runs, however slow it is.
            return Map.of(
                    "tally.rate-limit.address.window-seconds", "3600",
                    "tally.rate-limit.failed-keys.window-seconds", "3600",
                    "tally.rate-limit.key.window-seconds", "3600",
                    RatesForTests.requests("address"), "8",
                    RatesForTests.requests("failed-keys"), "4",
                    RatesForTests.requests("sign-up"), "2",
                    RatesForTests.requests("key"), "3",
                    "tally.admin.api-key", ADMIN_KEY,
                    "quarkus.http.proxy.proxy-address-forwarding", "true");
        }
    }

    private final String address = "198.51.100." + ADDRESSES.incrementAndGet();

    @Test
    void looksAtNoKeyOfAnAddressThatHasSentSoManyWrongOnes() {
        for (int left = 4; left > 0; left--) {
            from(address).header("x-api-key", WRONG).get("/no/such/path").then().statusCode(401)
                    .header("RateLimit", containsString("\"failed-keys\";r=" + left + ";t="));
        }

        Response refused = from(address).header("x-api-key", WRONG).get("/no/such/path");
        assertRefused(refused, 900);
        assertThat(refused.header("RateLimit-Policy")).isEqualTo("\"address\";q=8;w=3600, \"failed-keys\";q=4;w=3600");
        assertThat(refused.header("RateLimit")).matches("\"address\";r=3;t=[0-9]+, \"failed-keys\";r=0;t=[0-9]+");
        from(address).header("x-admin-key", WRONG).get("/health").then().statusCode(429);
        from(other()).header("x-api-key", WRONG).get("/no/such/path").then().statusCode(401);
    }

    @Test
    void letsAKeyInThatWasGoodBeforeThoughOthersGuessFromItsAddress() {
        String known = newKey();
        String unknown = newKey();
        from(other()).header("x-api-key", known).get("/keys").then().statusCode(200);
        for (int i = 0; i < 4; i++) {
            from(address).header("x-api-key", WRONG).get("/no/such/path").then().statusCode(401);
        }

        from(address).header("x-api-key", known).get("/keys").then().statusCode(200)
                .header("RateLimit", containsString("\"failed-keys\";r=0;t="));
        from(address).header("x-api-key", unknown).get("/keys").then().statusCode(429);
        from(address).header("x-api-key", known).header("x-admin-key", WRONG).get("/keys").then().statusCode(429);
        from(address).header("x-api-key", WRONG).get("/no/such/path").then().statusCode(429);
    }

    @Test
    void countsTheRequestsOfAKeyFromWhereverTheyCome() {
        String key = newKey();
        String another = newKey();
        for (int left = 2; left >= 0; left--) {
            Response answer = from(other()).header("x-api-key", key).get("/keys");

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.header("RateLimit-Policy"))
                    .isEqualTo("\"address\";q=8;w=3600, \"failed-keys\";q=4;w=3600, \"key\";q=3;w=3600");
            assertThat(answer.header("RateLimit")).matches(".*, \"key\";r=" + left + ";t=[0-9]+");
        }

        assertRefused(from(other()).header("x-api-key", key).get("/keys"), 1_200);
        from(other()).header("x-api-key", another).get("/no/such/path").then().statusCode(404)
                .header("RateLimit", containsString("\"key\";r=2;t=1200"));
    }

    private String newKey() {
        return from(other()).contentType("application/json")
                .body("{\"name\":\"Rate\",\"email\":\"rate" + ADDRESSES.incrementAndGet() + "@example.com\"}")
                .post("/auth/signup").then().statusCode(201).extract().path("api_key");
    }

    @Test
    void countsRequestsWithAKeyByTheirAddress() {
        for (int i = 0; i < 8; i++) {
            from(address).header("x-admin-key", ADMIN_KEY).get("/health").then().statusCode(200)
                    .header("RateLimit-Policy", is("\"address\";q=8;w=3600, \"failed-keys\";q=4;w=3600"));
        }

        assertRefused(from(address).header("x-admin-key", ADMIN_KEY).get("/health"), 450);
        from(address).get("/health").then().statusCode(200).header("RateLimit", nullValue())
                .header("RateLimit-Policy", nullValue());
        UsersForTests.as("viewer").header("X-Forwarded-For", address).get("/q/metrics").then().statusCode(200);
    }

    @Test
    void countsWrongKeysOfANetworkTogether() {
        for (int i = 1; i <= 4; i++) {
            from("[2001:db8:0:7::" + i + "]").header("x-api-key", WRONG).get("/no/such/path").then().statusCode(401);
        }

        from("[2001:db8:0:7:1::5]").header("x-api-key", WRONG).get("/no/such/path").then().statusCode(429);
        from("[2001:db8:0:8::1]").header("x-api-key", WRONG).get("/no/such/path").then().statusCode(401);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/auth/signup", "/auth/signup/", "/auth/signup;a=b", "//auth/signup", "/auth/./signup",
            "/%61uth/sign%75p", "/auth;x/signup"})
    void letsAnAddressSignUpSoOftenHoweverThePathIsWritten(String path) {
        String mine = other();
        for (int left = 1; left >= 0; left--) {
            assertThat(signUp(mine, path).header("RateLimit")).contains("\"sign-up\";r=" + left + ";t=");
        }

        Response refused = signUp(mine, path);

        assertRefused(refused, 1_800);
        assertThat(refused.header("RateLimit-Policy")).isEqualTo("\"address\";q=8;w=3600, \"sign-up\";q=2;w=3600");
        assertThat(signUp(other(), path).statusCode()).isNotEqualTo(429);
    }

    private static Response signUp(String address, String path) {
        return from(address).urlEncodingEnabled(false).contentType("application/json").body("{}").post(path);
    }

    private static void assertRefused(Response answer, int maxSeconds) {
        answer.then().statusCode(429).contentType("application/problem+json").body("code", is("RATE_LIMITED"))
                .body("title", is("Too many requests")).header("Cache-Control", "no-store");
        assertThat(Integer.parseInt(answer.header("Retry-After"))).isBetween(maxSeconds / 2, maxSeconds);
        assertThat(answer.jsonPath().getString("detail"))
                .matches("Too many requests\\. Ask again in " + answer.header("Retry-After") + " seconds?\\.");
    }

    private static String other() {
        return "198.51.100." + ADDRESSES.incrementAndGet();
    }

    private static RequestSpecification from(String address) {
        return given().header("X-Forwarded-For", address);
    }
}
