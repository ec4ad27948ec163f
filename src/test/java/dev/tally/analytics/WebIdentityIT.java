package dev.tally.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;

import dev.tally.local.LocalPostgres;
import dev.tally.testsupport.PackagedTally;
import dev.tally.testsupport.ScratchDatabase;

/** The packaged application with a role of AWS that its service account may take, as Kubernetes gives it. */
@Timeout(120)
class WebIdentityIT {
    private static final String DIGEST = "393354dbbbe570c6a0b15e9720cb29162f92f530d5bf1c91d38003e9fefbf0f0";
    private static final String LOG_IN = "Basic "
            + Base64.getEncoder().encodeToString("ops:correct horse".getBytes(StandardCharsets.UTF_8));
    private static final String CREDENTIALS = """
                                              <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
                                              <AssumeRoleWithWebIdentityResult><Credentials>
                                              <AccessKeyId>anybody</AccessKeyId><SecretAccessKey>for a while</SecretAccessKey>
                                              <SessionToken>of-this-session</SessionToken>
                                              <Expiration>2099-01-01T00:00:00Z</Expiration>
                                              </Credentials></AssumeRoleWithWebIdentityResult>
                                              </AssumeRoleWithWebIdentityResponse>
                                              """;

    private static final byte[] OBJECT = "estado\naprobado\naprobado\n".getBytes(StandardCharsets.UTF_8);

    private final List<String> tokens = new CopyOnWriteArrayList<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final Path directory;

    WebIdentityIT(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void readsDatasetsWithTheRoleOfItsServiceAccount() throws Exception {
        HttpServer store = server(this::object);
        HttpServer roles = server(this::credentials);
        try (PackagedTally tally = PackagedTally.start(environment(store, roles));
                HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = client.send(
                    tally.request("/claims/stats").header("Authorization", LOG_IN).build(),
                    HttpResponse.BodyHandlers.ofString());

            assertThat(answer.body()).isEqualTo("{\"aprobado\":2}");
            assertThat(asked).singleElement().asString().contains("AssumeRoleWithWebIdentity",
                    "WebIdentityToken=token-of-the-account");
            assertThat(tokens).containsOnly("of-this-session");
            assertThat(tally.output()).doesNotContain("of-this-session", "token-of-the-account");
        } finally {
            store.stop(0);
            roles.stop(0);
        }
    }

    private Map<String, String> environment(HttpServer store, HttpServer roles) throws IOException {
        Path users = Files.writeString(directory.resolve("users"), "ops = " + DIGEST + ", viewer\n");
        Path token = Files.writeString(directory.resolve("token"), "token-of-the-account");
        Map<String, String> environment = new HashMap<>();
        environment.putAll(Map.of("TALLY_USERS_FILE", users.toString(), "POSTGRES_URL",
                ScratchDatabase.createEmpty("tally_role"), "POSTGRES_USER", LocalPostgres.USER));
        environment.putAll(Map.of("S3_ENDPOINT", url(store), "S3_PATH_STYLE", "true", "S3_BUCKET", "datasets"));
        // As in Amazon's clusters; the last is so that it is not Amazon's own service that is asked.
        environment.putAll(Map.of("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/tally",
                "AWS_WEB_IDENTITY_TOKEN_FILE", token.toString(), "AWS_REGION", "us-east-1", "AWS_DEFAULT_REGION",
                "us-east-1", "AWS_ENDPOINT_URL_STS", url(roles)));
        return environment;
    }

    private static String url(HttpServer server) {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private static HttpServer server(HttpHandler handler) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", handler);
        server.start();
        return server;
    }

    /** Gives credentials to whoever has a token. */
    private void credentials(HttpExchange exchange) throws IOException {
        asked.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        exchange.getResponseHeaders().set("Content-Type", "text/xml");
        answer(exchange, 200, CREDENTIALS.getBytes(StandardCharsets.UTF_8));
    }

    /** Gives the one object: the S3 server of the other tests does not know credentials with a token. */
    private void object(HttpExchange exchange) throws IOException {
        tokens.add(exchange.getRequestHeaders().getFirst("X-Amz-Security-Token"));
        exchange.getResponseHeaders().set("ETag", "\"1\"");
        exchange.getResponseHeaders().set("Last-Modified", "Sat, 01 Nov 2025 00:00:00 GMT");
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", Integer.toString(OBJECT.length));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        } else {
            exchange.getResponseHeaders().set("Content-Range", "bytes 0-" + (OBJECT.length - 1) + "/" + OBJECT.length);
            answer(exchange, 206, OBJECT);
        }
    }

    private static void answer(HttpExchange exchange, int status, byte[] bytes) throws IOException {
        exchange.sendResponseHeaders(status, bytes.length);
        try (OutputStream body = exchange.getResponseBody()) {
            body.write(bytes);
        }
    }
}
