package dev.tally.platform.table;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.emptyString;
import static org.hamcrest.Matchers.is;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;

import jakarta.inject.Inject;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tally.testsupport.RawHttp;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.quarkus.test.security.TestSecurity;

/** Answers of the event loop, of which there is one here: whoever blocks it blocks every other request. */
@QuarkusTest
@TestProfile(AwaitedTablesTest.OneEventLoop.class)
@TestSecurity(user = "viewer", roles = "viewer")
@Timeout(60)
class AwaitedTablesTest {
    private static final String PATH = "/awaited-tables-for-tests/";
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String END = " HTTP/1.1\r\nHost: tally\r\n\r\n";

    public static final class OneEventLoop implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("quarkus.vertx.event-loops-pool-size", "1", "tally.table.stalled-client-seconds", "20");
        }
    }

    private final TestData data;

    @Inject
    AwaitedTablesTest(TestData data) {
        this.data = data;
    }

    @ParameterizedTest
    @CsvSource({"json, 2, true", "csv, 2, true", "xlsx, 2, false", "json, 100000, false", "csv, 100000, false",
            "xlsx, 100000, false"})
    void areWrittenOnTheEventLoopWhenTheyAreShort(String format, int rows, boolean onEventLoop) {
        byte[] answer = given().get(PATH + "rows?rows=" + rows + "&format=" + format).then().statusCode(200).extract()
                .asByteArray();
        byte[] ofAThread = given().get("/tables-for-tests/many?rows=" + rows + "&format=" + format).then()
                .statusCode(200).extract().asByteArray();

        assertThat(data.onEventLoop.get()).isEqualTo(onEventLoop);
        assertThat(answer.length).isPositive();
        if (format.equals("csv")) {
            assertThat(new String(answer, US_ASCII).replaceAll(",t\r\n", "\r\n"))
                    .isEqualTo(new String(ofAThread, US_ASCII).replaceAll(",row [0-9]+\r\n", "\r\n")
                            .replaceFirst("^n,t\r\n", "n\r\n"));
        }
    }

    @ParameterizedTest
    @CsvSource({"json, false", "csv, true"})
    void areWrittenElsewhereWhenTheyHoldAWorkbook(String format, boolean onEventLoop) {
        given().get(PATH + "rows?rows=2&layout=ENVELOPE&format=" + format).then().statusCode(200);

        assertThat(data.onEventLoop.get()).isEqualTo(onEventLoop);
    }

    @Test
    void letOthersPassWhileAClientIsSlow() throws IOException {
        try (Socket slow = RawHttp.send("GET " + PATH + "rows?rows=100000&text=" + "x".repeat(1_000) + END)) {
            await().atMost(SOON).until(() -> slow.getInputStream().available() > 0);

            given().get(PATH + "rows?rows=2").then().statusCode(200).body("count", is(2));
        }
    }

    @Test
    void areNotSentToWhoHasThem() {
        String tag = given().get(PATH + "rows?rows=2").then().statusCode(200).extract().header("ETag");

        given().header("If-None-Match", tag).get(PATH + "rows?rows=2").then().statusCode(304).body(emptyString())
                .header("ETag", is(tag));
        given().head(PATH + "rows?rows=2").then().statusCode(200).body(emptyString()).header("ETag", is(tag));
    }

    @ParameterizedTest
    @ValueSource(strings = {"once", "later"})
    void becomeAProblemWhenTheyCannotBeRead(String at) {
        given().get(PATH + "fails?at=" + at).then().statusCode(503).body("code", is("OVERLOADED"))
                .contentType("application/problem+json");
    }

    @ParameterizedTest
    @CsvSource({"json, 2", "csv, 2", "xlsx, 2"})
    void becomeAProblemWhenTheyBreakBeforeTheFirstByte(String format, int rows) {
        given().get(PATH + "rows?broken=true&rows=" + rows + "&format=" + format).then().statusCode(500)
                .body("code", is("INTERNAL_ERROR"));
    }

    @Test
    void areNeverEndedAsIfTheyWereComplete() throws IOException {
        try (Socket socket = RawHttp.send("GET " + PATH + "rows?broken=true&rows=100000" + END)) {
            InputStream answer = socket.getInputStream();

            assertThatThrownBy(answer::readAllBytes).isInstanceOf(IOException.class);
        }
    }

    @Test
    void areAbandonedWithTheirClient() throws IOException {
        int begun = data.rowsRead.get();
        int cancelled = data.cancelled.get();
        Socket client = RawHttp.send("GET " + PATH + "never" + END);
        await().atMost(SOON).until(() -> data.rowsRead.get() == begun + 1);

        client.close();

        await().atMost(SOON).until(() -> data.cancelled.get() == cancelled + 1);
        given().get(PATH + "rows?rows=2").then().statusCode(200);
    }
}
