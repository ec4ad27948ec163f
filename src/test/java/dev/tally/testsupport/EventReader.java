package dev.tally.testsupport;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.restassured.RestAssured;

/** A client of server-sent events, which reads them as they come. */
public final class EventReader implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final HttpResponse<Stream<String>> answer;
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final FutureTask<Void> reading;

    private EventReader(HttpRequest request) {
        try {
            answer = client.send(request, HttpResponse.BodyHandlers.ofLines());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        reading = new FutureTask<>(() -> answer.body().forEach(lines::add), null);
        Thread.ofVirtual().start(reading);
    }

    /** Follows something in the application under test, as a user of the tests. */
    public static EventReader follow(String user, String path) {
        return follow(HttpRequest.newBuilder(URI.create(RestAssured.baseURI + ":" + RestAssured.port + path))
                .header("Authorization", UsersForTests.basic(user)));
    }

    /** Makes a request of events. */
    public static EventReader follow(HttpRequest.Builder request) {
        return new EventReader(request.header("Accept", "text/event-stream").build());
    }

    public int status() {
        return answer.statusCode();
    }

    public String header(String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    /** The data of the events so far. */
    public List<JsonNode> events() {
        return lines.stream().filter(line -> line.startsWith("data:"))
                .map(line -> json(line.substring("data:".length())))
                .toList();
    }

    /** How many comments there were so far. */
    public long comments() {
        return lines.stream().filter(line -> line.startsWith(":")).count();
    }

    /** Waits until one of the events has this text in a member. */
    public void awaitEvent(String member, String text) {
        await().atMost(TIMEOUT)
                .until(() -> events().stream().anyMatch(event -> event.path(member).asText().equals(text)));
    }

    /** Waits for the end of the stream, which must be a proper one; gives the data of all events. */
    public List<JsonNode> awaitEnd() {
        try {
            reading.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError("The stream did not end properly: " + lines, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return events();
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(text, e);
        }
    }

    /** Goes away, whether or not the stream has ended. */
    @Override
    public void close() {
        client.shutdownNow();
        client.close();
    }
}
