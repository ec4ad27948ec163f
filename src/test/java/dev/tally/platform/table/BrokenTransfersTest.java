package dev.tally.platform.table;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.zip.GZIPInputStream;

import jakarta.inject.Inject;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.agroal.api.AgroalDataSource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.quarkus.test.security.TestSecurity;
import io.restassured.RestAssured;

/** What becomes of an answer when the source or the client does not hold out, over real connections. */
@QuarkusTest
@TestProfile(BrokenTransfersTest.Impatient.class)
@TestSecurity(user = "viewer", roles = "viewer")
class BrokenTransfersTest {
    /** A client may stall for a second; and what can be is compressed. */
    public static final class Impatient implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("tally.table.stalled-client-seconds", "1",
                    "quarkus.http.enable-compression", "true",
                    "quarkus.http.compress-media-types", "application/json,text/csv");
        }
    }

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String MARKER = "/* abandoned by its client */";
    private static final String MUCH = "SELECT n, repeat('x', 1000) FROM generate_series(1, 10000000) n " + MARKER;
    private static final String BLOCKED = "SELECT 1, 'x' FROM pg_sleep(600) " + MARKER;

    private final AgroalDataSource database;
    private final TestData data;

    @Inject
    BrokenTransfersTest(AgroalDataSource database, TestData data) {
        this.database = database;
        this.data = data;
    }

    @ParameterizedTest
    @ValueSource(strings = {TableFormat.JSON, TableFormat.CSV, TableFormat.XLSX})
    void neverEndsAShortAnswerAsIfItWereComplete(String format) {
        assertThatThrownBy(() -> get("broken?rows=100000", "Accept", format)).isInstanceOf(IOException.class);
    }

    @Test
    void neverEndsAShortCompressedAnswerAsIfItWereComplete() {
        assertThatThrownBy(() -> get("broken?rows=100000", "Accept-Encoding", "gzip")).isInstanceOf(IOException.class);
    }

    @Test
    void resetsTheConnectionOfAnOldClientWhoseAnswersEndWithIt() throws IOException {
        try (Socket socket = send("broken?rows=100000", "HTTP/1.0")) {
            InputStream answer = socket.getInputStream();

            assertThatThrownBy(answer::readAllBytes).isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 100_000})
    void compressesAnswersOfEverySizeWithATagOfTheirOwn(int rows) throws IOException, InterruptedException {
        HttpResponse<byte[]> plain = get("many?rows=" + rows, "Accept-Encoding", "identity");
        HttpResponse<byte[]> gzip = get("many?rows=" + rows, "Accept-Encoding", "gzip");
        HttpResponse<byte[]> again = get("many?rows=" + rows, "Accept-Encoding", "gzip");

        assertThat(gzip.headers().firstValue("Content-Encoding")).hasValue("gzip");
        assertThat(plain.headers().firstValue("Content-Encoding"))
                .isNotEqualTo(gzip.headers().firstValue("Content-Encoding"));
        assertThat(inflated(gzip.body())).isEqualTo(plain.body());
        assertThat(again.body()).isEqualTo(gzip.body());
        assertThat(gzip.headers().firstValue("ETag")).isNotEqualTo(plain.headers().firstValue("ETag"));
        assertThat(again.headers().firstValue("ETag")).isEqualTo(gzip.headers().firstValue("ETag"));
    }

    @ParameterizedTest
    @ValueSource(strings = {MUCH, BLOCKED})
    void stopsTheQueryOfAClientThatGoesAway(String sql) throws IOException {
        int cancelledBefore = data.cancelled.get();
        Socket client = send("query?sql=" + encoded(sql), "HTTP/1.1");
        await().atMost(SOON).until(() -> isRunning(MARKER));

        client.close();

        await().atMost(SOON).until(() -> !isRunning(MARKER));
        await().atMost(SOON).untilAsserted(() -> assertThat(data.cancelled.get()).isEqualTo(cancelledBefore + 1));
    }

    @Test
    void stopsTheQueryOfAClientThatTakesNothing() throws IOException {
        try (Socket socket = send("query?sql=" + encoded(MUCH), "HTTP/1.1")) {
            await().atMost(SOON).until(() -> isRunning(MARKER));

            await().atMost(SOON).until(() -> !isRunning(MARKER));

            InputStream answer = socket.getInputStream();
            assertThatThrownBy(answer::readAllBytes).isInstanceOf(IOException.class);
        }
    }

    @Test
    void letsAQueryEndThatNobodyAbandons() throws IOException, InterruptedException {
        int cancelledBefore = data.cancelled.get();

        HttpResponse<byte[]> answer = get("query?sql="
                + encoded("SELECT n, repeat('x', 100) FROM generate_series(1, 20000) n"), "Accept", TableFormat.CSV);

        assertThat(new String(answer.body(), US_ASCII).lines()).hasSize(20_001);
        assertThat(data.cancelled.get()).isEqualTo(cancelledBefore);
    }

    private HttpResponse<byte[]> get(String path, String header, String value)
            throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return client.send(HttpRequest.newBuilder(address(path)).header(header, value).build(),
                    HttpResponse.BodyHandlers.ofByteArray());
        }
    }

    private Socket send(String path, String version) throws IOException {
        URI address = address(path);
        Socket socket = new Socket(address.getHost(), address.getPort());
        String request = "GET " + address.getRawPath() + "?" + address.getRawQuery() + " " + version
                + "\r\nHost: localhost\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(US_ASCII));
        return socket;
    }

    private static URI address(String path) {
        return URI.create("http://localhost:" + RestAssured.port + "/tables-for-tests/" + path);
    }

    private boolean isRunning(String marker) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement("SELECT count(*) FROM pg_stat_activity "
                        + "WHERE pid <> pg_backend_pid() AND state <> 'idle' AND query LIKE '%' || ? || '%'")) {
            statement.setString(1, marker);
            try (ResultSet result = statement.executeQuery()) {
                result.next();
                return result.getInt(1) > 0;
            }
        }
    }

    private static byte[] inflated(byte[] gzip) throws IOException {
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
            return in.readAllBytes();
        }
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
