package dev.tally.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.tally.local.LocalPostgres;

/** The packaged application twice, on one empty database, with the users of the tests. */
public final class TwoReplicas implements AutoCloseable {
    /** What {@code x-admin-key} has to say. */
    public static final String ADMIN_KEY = "an-admin-key-of-two-replicas";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final PackagedTally one;
    private final PackagedTally other;
    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private TwoReplicas(PackagedTally one, PackagedTally other) {
        this.one = one;
        this.other = other;
    }

    /**
     * Starts both, and waits until they listen.
     *
     * @param directory for the file of users
     * @param database its name; it is made anew
     * @param more environment variables
     */
    public static TwoReplicas start(Path directory, String database, Map<String, String> more) {
        return start(directory, database, more, more);
    }

    /** The same with other variables for each of them. */
    public static TwoReplicas start(Path directory, String database, Map<String, String> moreOfOne,
            Map<String, String> moreOfOther) {
        StringBuilder users = new StringBuilder();
        for (String user : List.of("viewer", "operator", "admin")) {
            users.append(user).append(" = ").append(UsersForTests.digest(user)).append(", ").append(user).append('\n');
        }
        Map<String, String> environment = new HashMap<>(Map.of("POSTGRES_URL", ScratchDatabase.createEmpty(database),
                "POSTGRES_USER", LocalPostgres.USER, "POSTGRES_PASSWORD", "none", "TALLY_POSTGRES_MIGRATE_AT_START",
                "true", "ADMIN_API_KEY", ADMIN_KEY));
        try {
            environment.put("TALLY_USERS_FILE", Files.writeString(directory.resolve("users"), users).toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        PackagedTally one = start(with(environment, moreOfOne));
        try {
            return new TwoReplicas(one, start(with(environment, moreOfOther)));
        } catch (AssertionError | RuntimeException e) {
            one.close();
            throw e;
        }
    }

    private static PackagedTally start(Map<String, String> environment) {
        PackagedTally replica = PackagedTally.start(environment);
        try {
            int unused = replica.port();
            return replica;
        } catch (AssertionError | RuntimeException e) {
            replica.close();
            throw e;
        }
    }

    private static Map<String, String> with(Map<String, String> environment, Map<String, String> more) {
        Map<String, String> all = new HashMap<>(environment);
        all.putAll(more);
        return all;
    }

    public PackagedTally one() {
        return one;
    }

    public PackagedTally other() {
        return other;
    }

    /** One of them after the other. */
    public PackagedTally inTurn(int number) {
        return number % 2 == 0 ? one : other;
    }

    public HttpClient client() {
        return client;
    }

    /** A request of a user of the tests. */
    public static HttpRequest.Builder as(String user, PackagedTally replica, String path) {
        return replica.request(path).header("Authorization", UsersForTests.basic(user));
    }

    public HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** The JSON document of an answer, whatever its status. */
    public JsonNode json(HttpRequest.Builder request) throws IOException, InterruptedException {
        return JSON.readTree(send(request).body());
    }

    /** A new user, who signs up there; gives the API key. */
    public String signUp(PackagedTally replica, String email) throws IOException, InterruptedException {
        JsonNode signed = json(replica.request("/auth/signup").header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"name\":\"N\",\"email\":\"" + email + "\"}")));
        String key = signed.path("api_key").asText();
        if (key.isEmpty()) {
            throw new AssertionError(signed.toString());
        }
        return key;
    }

    @Override
    public void close() {
        one.close();
        other.close();
        client.close();
    }
}
