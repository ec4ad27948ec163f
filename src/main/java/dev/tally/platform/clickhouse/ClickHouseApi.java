package dev.tally.platform.clickhouse;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ContextResolver;

import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.client.api.LoggingScope;
import org.jspecify.annotations.Nullable;

import io.quarkus.rest.client.reactive.QuarkusRestClientBuilder;
import io.vertx.core.http.HttpClientOptions;

/** ClickHouse's HTTP interface: the statement is the body, everything else is in the query. */
interface ClickHouseApi extends Closeable {
    /** Beyond the time that ClickHouse itself takes to notice that a statement takes too long. */
    int GRACE_SECONDS = 5;

    @POST
    @Consumes(MediaType.TEXT_PLAIN)
    @Produces(MediaType.WILDCARD)
    Response ask(@HeaderParam("X-ClickHouse-User") @Nullable String user,
            @HeaderParam("X-ClickHouse-Key") @Nullable String key, @RestQuery Map<String, String> query, String sql);

    /** Inserts rows: the statement is in the query, the rows are the body. */
    @POST
    @Consumes(MediaType.APPLICATION_OCTET_STREAM)
    @Produces(MediaType.WILDCARD)
    Response insert(@HeaderParam("X-ClickHouse-User") @Nullable String user,
            @HeaderParam("X-ClickHouse-Key") @Nullable String key, @RestQuery Map<String, String> query, byte[] rows);

    /** A client with these bounds. It logs nothing, whatever is configured: requests hold a password. */
    static ClickHouseApi connect(URI url, int connectTimeoutMillis, ClickHouseBounds bounds) {
        int seconds = bounds.maxQuerySeconds() + GRACE_SECONDS;
        return QuarkusRestClientBuilder.newBuilder()
                .baseUri(url)
                .connectTimeout(connectTimeoutMillis, TimeUnit.MILLISECONDS)
                .readTimeout(seconds, TimeUnit.SECONDS)
                // One more, to kill a statement while all others are under way.
                .property("io.quarkus.rest.client.connection-pool-size", bounds.maxConcurrentQueries() + 1)
                .property("io.quarkus.rest.client.max-redirects", 0)
                // A refusal is read below, with its code.
                .property("microprofile.rest.client.disable.default.mapper", true)
                .followRedirects(false)
                .enableCompression(false)
                .loggingScope(LoggingScope.NONE)
                .register(new Silence(seconds + 1))
                .build(ClickHouseApi.class);
    }

    /**
     * The bytes of an answer.
     *
     * @throws ClickHouseAnswer when it is a refusal
     * @throws IOException when it breaks off, or has more bytes than that
     */
    static byte[] bytes(Response answer, int maxBytes) throws IOException {
        try (answer; InputStream body = answer.readEntity(InputStream.class)) {
            int status = answer.getStatus();
            String code = answer.getHeaderString("X-ClickHouse-Exception-Code");
            if (status != Response.Status.OK.getStatusCode() || code != null) {
                byte[] said = body.readNBytes(Bounds.MAX_SAID_BYTES);
                throw new ClickHouseAnswer(status, codeOf(code), new String(said, StandardCharsets.UTF_8));
            }
            byte[] bytes = body.readNBytes(maxBytes);
            if (bytes.length == maxBytes && body.read() >= 0) {
                throw new AnswerTooLargeException();
            }
            return bytes;
        }
    }

    private static int codeOf(@Nullable String code) {
        try {
            return code == null ? 0 : Integer.parseInt(code);
        } catch (NumberFormatException _) {
            return 0;
        }
    }

    /** What an interface cannot have for itself. */
    final class Bounds {
        private static final int MAX_SAID_BYTES = 2000;

        private Bounds() {}
    }

    /** The answer has more bytes than it may. */
    final class AnswerTooLargeException extends IOException {
        private static final long serialVersionUID = 1;

        AnswerTooLargeException() {
            super("The answer of ClickHouse is too large");
        }
    }

    /** Ends a connection on which an answer stops coming; the client's own time-out is over once an answer begins. */
    record Silence(int seconds) implements ContextResolver<HttpClientOptions> {
        @Override
        public HttpClientOptions getContext(Class<?> type) {
            return new HttpClientOptions().setReadIdleTimeout(seconds);
        }
    }
}
