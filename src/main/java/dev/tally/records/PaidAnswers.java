package dev.tally.records;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

import jakarta.enterprise.context.ApplicationScoped;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.tally.platform.http.Answer;
import dev.tally.platform.http.WaitingClient;
import dev.tally.platform.idempotency.RequestFingerprint;
import dev.tally.platform.idempotency.StoredAnswer;
import dev.tally.platform.metering.Meter;
import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

/** Has answers paid for, and makes responses of them. */
@ApplicationScoped
class PaidAnswers {
    private final Meter meter;
    private final ObjectMapper json;

    PaidAnswers(Meter meter, ObjectMapper json) {
        this.meter = meter;
        this.json = json;
    }

    /**
     * What is asked for.
     *
     * @param endpoint as it stands in usage
     * @param asked the parameters, as they stand in usage
     */
    record Order(long userId, String endpoint, Map<String, Object> asked, long credits) {}

    /** Makes the whole answer, on the thread of the request. */
    @FunctionalInterface
    interface Work {
        Meter.Delivery run();
    }

    /**
     * Has the work done once it is paid for. A client that goes away ends it, and gets its credits back.
     *
     * @throws ProblemException as {@link Meter#answer}
     */
    Answer answer(Order order, RoutingContext routing, Work work) throws InterruptedException {
        HttpServerRequest request = routing.request();
        if (request.method().equals(HttpMethod.HEAD)) {
            throw new ProblemException(ProblemCode.METHOD_NOT_ALLOWED,
                    "Answers that are paid for are asked by GET; the head alone would cost the same.");
        }
        byte[] fingerprint = RequestFingerprint.of(request.method().name(),
                Objects.requireNonNullElse(request.path(), ""), request.query(), request.getHeader("Accept"),
                new byte[0]);
        Meter.Result result = meter.answer(
                new Meter.Order(order.userId(), order.endpoint(), text(new TreeMap<>(order.asked())), order.credits(),
                        Meter.key(request.getHeader("Idempotency-Key"), fingerprint)),
                () -> WaitingClient.whileWaits(routing, work::run));
        return answer(result.answer(), result.replayed());
    }

    /** What the consumer may spend. */
    long available(long userId) {
        return meter.available(userId);
    }

    static Answer answer(StoredAnswer stored, boolean replayed) {
        Map<String, String> headers = new LinkedHashMap<>(stored.headers());
        headers.put("Cache-Control", "no-store");
        if (replayed) {
            headers.put("Idempotency-Replayed", "true");
        }
        return new Answer(stored.status(), headers, stored.buffer());
    }

    private String text(Map<String, Object> asked) {
        try {
            return json.writeValueAsString(asked);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Texts and numbers are JSON", e);
        }
    }
}
