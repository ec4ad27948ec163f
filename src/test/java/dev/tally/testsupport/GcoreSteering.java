package dev.tally.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * Steers a stand-in for Gcore over HTTP. Operations are {@code login}, {@code refresh}, {@code features},
 * {@code start}, {@code status}, {@code list}, {@code download}, {@code delete}, or {@code any}; a fault hits so many of
 * the next requests, all of them when that is 0.
 */
public final class GcoreSteering {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final String url;

    public GcoreSteering(String url) {
        this.url = url;
    }

    /** No faults, no scripts, no reports, the options as they were, and nothing counted. Tokens stay. */
    public void reset() {
        steer(Map.of("reset", true));
    }

    /** Makes every access token dead. */
    public void killAccessTokens() {
        steer(Map.of("killAccess", true));
    }

    /** Makes every refresh token dead. */
    public void killRefreshTokens() {
        steer(Map.of("killRefresh", true));
    }

    /** One of the options of {@code StandInOptions}. */
    public void option(String name, Object value) {
        steer(Map.of("options", Map.of(name, value)));
    }

    /** @param retryAfter null for none */
    public void answer(String operation, int status, @Nullable String retryAfter, int times) {
        fault(operation, "STATUS", status, retryAfter, times, Duration.ZERO);
    }

    /** Nothing is done nor answered; after that time the connection is closed. */
    public void hang(String operation, Duration time, int times) {
        fault(operation, "HANG", 0, null, times, time);
    }

    /** It is done as ever, but later. */
    public void delay(String operation, Duration time, int times) {
        fault(operation, "DELAY", 0, null, times, time);
    }

    /** It is done, but the connection is closed without an answer. */
    public void lose(String operation, int times) {
        fault(operation, "LOST", 0, null, times, Duration.ZERO);
    }

    /** The connection is closed within the body, whose length was announced. */
    public void cut(String operation, int times) {
        fault(operation, "CUT", 0, null, times, Duration.ZERO);
    }

    /** The connection is closed within the body, which comes in chunks. */
    public void cutChunks(String operation, int times) {
        fault(operation, "CUT_CHUNK", 0, null, times, Duration.ZERO);
    }

    /** The body stops coming; after that time the connection is closed. */
    public void stall(String operation, Duration time, int times) {
        fault(operation, "STALL", 0, null, times, time);
    }

    /**
     * What becomes of the next report; of those after it with further calls.
     *
     * @param outcome {@code Completed}, {@code Failed}, {@code Cancelled}, {@code never}
     * @param after when it is so; null as long as all others take
     * @param meanwhile its status until then; null for Pending and InProgress
     */
    public void script(String outcome, @Nullable Duration after, @Nullable String meanwhile) {
        Map<String, @Nullable Object> script = new HashMap<>();
        script.put("outcome", outcome);
        script.put("afterMillis", after == null ? null : after.toMillis());
        script.put("meanwhile", meanwhile);
        steer(Map.of("scripts", List.of(script)));
    }

    /** How often it was asked for an operation. */
    public long count(String operation) {
        return journal().path("requests").path(operation).asLong();
    }

    /** What was asked about a report: {@code status_requests}, {@code min_gap_millis}, {@code downloads}, {@code parameters}. */
    public Optional<JsonNode> report(UUID report) {
        for (JsonNode candidate : journal().path("reports")) {
            if (candidate.path("uuid").asText().equals(report.toString())) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    /** All that was asked. */
    public JsonNode journal() {
        return send(HttpRequest.newBuilder(address()).build());
    }

    private void fault(String operation, String kind, int status, @Nullable String retryAfter, int times,
            Duration time) {
        Map<String, @Nullable Object> fault = new HashMap<>();
        fault.put("operation", operation);
        fault.put("kind", kind);
        fault.put("status", status);
        fault.put("retryAfter", retryAfter);
        fault.put("times", times);
        fault.put("millis", time.toMillis());
        steer(Map.of("faults", List.of(fault)));
    }

    private void steer(Map<String, ?> wish) {
        try {
            JsonNode unused = send(HttpRequest.newBuilder(address())
                    .POST(BodyPublishers.ofString(MAPPER.writeValueAsString(wish))).build());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private URI address() {
        return URI.create(url + "/_stand-in");
    }

    private static JsonNode send(HttpRequest request) {
        try {
            return MAPPER.readTree(CLIENT.send(request, BodyHandlers.ofInputStream()).body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
