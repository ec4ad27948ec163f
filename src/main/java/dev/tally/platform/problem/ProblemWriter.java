package dev.tally.platform.problem;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

import jakarta.enterprise.context.ApplicationScoped;

import org.jboss.logging.Logger;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;

/** Writes every problem: those of endpoints and those of what runs before and around them. */
@Startup
@ApplicationScoped
public class ProblemWriter {
    /** RFC 9457, section 3. */
    public static final String MEDIA_TYPE = "application/problem+json";
    private static final Logger LOG = Logger.getLogger("dev.tally.problem");

    private final ObjectMapper json;
    private final MeterRegistry metrics;

    ProblemWriter(ObjectMapper json, MeterRegistry metrics) {
        this.json = json;
        this.metrics = metrics;
        // So that there is a zero before there is a one: an alert sees only what grows.
        for (ProblemCode code : ProblemCode.values()) {
            if (code.ours()) {
                Counter unused = problems(code);
            }
        }
    }

    private Counter problems(ProblemCode code) {
        return metrics.counter("tally.problems", "code", code.name());
    }

    /** Answers with the problem of this fault and logs it; for handlers outside JAX-RS. */
    public void answer(RoutingContext context, Throwable fault) {
        answer(context, FaultTranslator.problemOf(fault), fault);
    }

    /** Answers 401 and asks for a log-in. */
    public void challenge(RoutingContext context) {
        boolean credentialsGiven = context.request().headers().contains("Authorization");
        Problem problem = FaultTranslator.unauthenticated(credentialsGiven);
        answer(context, problem, new ProblemException(problem.code(), problem.detail()));
    }

    void answer(RoutingContext context, Problem problem, Throwable fault) {
        log(context, problem, fault);
        HttpServerResponse response = context.response();
        if (response.ended() || response.closed()) {
            return;
        }
        // A body that nobody read would keep the connection from its next request.
        context.request().resume();
        Buffer body = Buffer.buffer(document(problem, RequestId.of(context)));
        response.setStatusCode(problem.code().status());
        headers(context, problem).forEach(response::putHeader);
        response.putHeader("Content-Type", MEDIA_TYPE).putHeader("Cache-Control", "no-store");
        if (context.request().method().equals(HttpMethod.HEAD)) {
            response.putHeader("Content-Length", Integer.toString(body.length())).end();
        } else {
            response.end(body);
        }
    }

    /** Those of the answer. HTTP/2 has no Connection (RFC 9113, section 8.2.2), and clients refuse answers with it. */
    Map<String, String> headers(RoutingContext context, Problem problem) {
        Map<String, String> headers = new LinkedHashMap<>(problem.headers());
        if (context.request().version() == HttpVersion.HTTP_2) {
            headers.remove("Connection");
        }
        return headers;
    }

    /** The JSON document of a problem that the endpoint answers itself. */
    public String document(ProblemException fault, RoutingContext context) {
        return document(Problem.of(fault), RequestId.of(context));
    }

    /** The JSON document; as text, because of bytes Jackson would make a JSON string in Base64. */
    String document(Problem problem, String requestId) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("type", "/problems#" + problem.code().name());
        members.put("title", problem.code().title());
        members.put("status", problem.code().status());
        members.put("detail", problem.detail());
        members.put("instance", requestId);
        members.put("code", problem.code().name());
        // What the predecessors of this service called it; some had a name for the kind there.
        members.put("error", problem.extensions().getOrDefault("error", problem.detail()));
        if (!problem.violations().isEmpty()) {
            members.put("violations", problem.violations().stream()
                    .map(violation -> Map.of("field", violation.field(), "message", violation.message())).toList());
        }
        problem.extensions().forEach(members::putIfAbsent);
        try {
            return json.writeValueAsString(members);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("A problem that cannot be written: " + problem.code(), e);
        }
    }

    /**
     * Our faults with their cause; the caller's only for whoever looks for them. Each is counted, but for what met a client
     * that is gone.
     */
    void log(RoutingContext context, Problem problem, Throwable fault) {
        if (isGone(context, fault)) {
            LOG.debugf("The client is gone: %s", fault);
            return;
        }
        problems(problem.code()).increment();
        if (problem.code().ours()) {
            LOG.errorf(fault, "%s in request %s", problem.code(), RequestId.of(context));
        } else {
            LOG.debugf(fault, "%s: %s", problem.code(), problem.detail());
        }
    }

    /**
     * Whether an answer failed because nobody takes it any more. The response hears of that later than the write that
     * fails; the channel is closed before either.
     */
    private static boolean isGone(RoutingContext context, Throwable fault) {
        if (!(fault instanceof IOException || fault instanceof UncheckedIOException)) {
            return false;
        }
        return context.response().closed()
                || (context.request().connection() instanceof ConnectionBase connection
                        && !connection.channel().isOpen());
    }
}
