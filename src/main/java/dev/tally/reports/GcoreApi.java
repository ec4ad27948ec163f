package dev.tally.reports;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.SortedSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.Encoded;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.client.ClientRequestContext;
import jakarta.ws.rs.client.ClientResponseContext;
import jakarta.ws.rs.client.ClientResponseFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ContextResolver;

import org.eclipse.microprofile.rest.client.ext.ResponseExceptionMapper;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.client.api.LoggingScope;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;

import io.quarkus.rest.client.reactive.QuarkusRestClientBuilder;
import io.vertx.core.http.HttpClientOptions;

/** Gcore's HTTP API as its published description has it. Answers are trees: Gcore adds to them as it likes. */
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@Path("/")
interface GcoreApi extends Closeable {
    @POST
    @Path("iam/auth/jwt/login")
    JsonNode logIn(Credentials credentials);

    @POST
    @Path("iam/auth/jwt/refresh")
    JsonNode refresh(Refresh refresh);

    @GET
    @Path("billing/v1/report_features")
    JsonNode features(@HeaderParam(HttpHeaders.AUTHORIZATION) String token, @RestQuery Map<String, String> query);

    @POST
    @Path("{path}")
    JsonNode start(@HeaderParam(HttpHeaders.AUTHORIZATION) String token, @Encoded @PathParam("path") String path,
            NewReport report);

    @GET
    @Path("{path}/{uuid}")
    JsonNode status(@HeaderParam(HttpHeaders.AUTHORIZATION) String token, @Encoded @PathParam("path") String path,
            @PathParam("uuid") UUID uuid);

    @GET
    @Path("{path}")
    JsonNode list(@HeaderParam(HttpHeaders.AUTHORIZATION) String token, @Encoded @PathParam("path") String path,
            @RestQuery Map<String, String> query);

    @GET
    @Path("{path}/{uuid}/download")
    @Produces(MediaType.WILDCARD)
    Response download(@HeaderParam(HttpHeaders.AUTHORIZATION) String token,
            @Encoded @PathParam("path") String path, @PathParam("uuid") UUID uuid, @QueryParam("format") String format);

    @DELETE
    @Path("{path}/{uuid}")
    void delete(@HeaderParam(HttpHeaders.AUTHORIZATION) String token, @Encoded @PathParam("path") String path,
            @PathParam("uuid") UUID uuid);

    /** The body of a log-in. */
    record Credentials(String username, String password) {
        /** Without the password, for logs. */
        @Override
        public String toString() {
            return "Credentials[hidden]";
        }
    }

    /** The body of a renewal. */
    record Refresh(String refresh) {
        /** Without the token, for logs. */
        @Override
        public String toString() {
            return "Refresh[hidden]";
        }
    }

    /** The body of a report to start. */
    record NewReport(@JsonProperty("template_code") String template, Parameters parameters) {}

    /** Its parameters; dates as {@code YYYY-MM-DD}. */
    record Parameters(@JsonProperty("date_from") String dateFrom, @JsonProperty("date_to") String dateTo,
            SortedSet<Integer> features, @JsonProperty("group_by") Iterable<String> groupBy) {}

    /** A client with these bounds. It logs nothing, whatever is configured: requests hold passwords and tokens. */
    static GcoreApi connect(GcoreConfig config) {
        return QuarkusRestClientBuilder.newBuilder()
                .baseUri(config.baseUrl())
                .connectTimeout(config.connectTimeoutMillis(), TimeUnit.MILLISECONDS)
                .readTimeout(config.requestTimeoutSeconds(), TimeUnit.SECONDS)
                .property("io.quarkus.rest.client.connection-pool-size", config.maxConcurrentRequests())
                .property("io.quarkus.rest.client.max-redirects", 0)
                .followRedirects(false)
                // What was cut off must not be taken for the end of something packed.
                .enableCompression(false)
                .loggingScope(LoggingScope.NONE)
                .register(new Silence(config.requestTimeoutSeconds() + 1))
                .register(new KnownEnd())
                .register(new NoSuccess())
                .build(GcoreApi.class);
    }

    /** The body of a download while it comes. A refusal is read here: the client may not wait for its body. */
    static InputStream rows(Response download) {
        if (download.getStatus() == Response.Status.OK.getStatusCode()) {
            return download.readEntity(InputStream.class);
        }
        try (download) {
            throw answer(download);
        }
    }

    private static GcoreAnswer answer(Response response) {
        return new GcoreAnswer(response.getStatus(), response.getHeaderString(HttpHeaders.RETRY_AFTER),
                response.hasEntity() ? response.readEntity(String.class) : "");
    }

    /** Ends a connection on which an answer stops coming; the client's own time-out is over once an answer begins. */
    record Silence(int seconds) implements ContextResolver<HttpClientOptions> {
        @Override
        public HttpClientOptions getContext(Class<?> type) {
            return new HttpClientOptions().setReadIdleTimeout(seconds);
        }
    }

    /** Takes only answers that say where they end: of others nobody can tell whether they broke off. */
    final class KnownEnd implements ClientResponseFilter {
        private static final String TRANSFER_ENCODING = "Transfer-Encoding";

        @Override
        public void filter(ClientRequestContext request, ClientResponseContext response) throws IOException {
            MultivaluedMap<String, String> headers = response.getHeaders();
            // Also called when there is no answer.
            boolean hasBody = response.getStatus() == Response.Status.OK.getStatusCode();
            if (hasBody && !headers.containsKey(HttpHeaders.CONTENT_LENGTH)
                    && !headers.containsKey(TRANSFER_ENCODING)) {
                throw new IOException("The answer does not say where it ends");
            }
        }
    }

    /** Makes an exception of what is no success, redirections included. */
    final class NoSuccess implements ResponseExceptionMapper<GcoreAnswer> {
        private static final int FIRST = 300;

        @Override
        public boolean handles(int status, MultivaluedMap<String, Object> headers) {
            return status >= FIRST;
        }

        @Override
        public GcoreAnswer toThrowable(Response response) {
            return answer(response);
        }
    }
}
