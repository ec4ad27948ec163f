package dev.tally.platform.openapi;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;

import dev.tally.platform.openapi.Description.Operation;
import dev.tally.platform.problem.ProblemCode;
import dev.tally.testsupport.Chaos;
import dev.tally.testsupport.ConsumersForTests;
import dev.tally.testsupport.ConsumersForTests.Signed;
import dev.tally.testsupport.NeedsClickHouse;
import dev.tally.testsupport.UsersForTests;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;

/**
 * Walks the description: every parameter and every member of every body gets what does not belong there. Whatever comes, it
 * is no fault of ours, the status is one that the operation is said to have, and what is refused is refused by a problem.
 *
 * <p>The seed of {@link Chaos} chooses which of the values each place gets, {@code -Dhostile.values} how many; by default a few.
 */
@QuarkusTest
@Tag(Chaos.TAG)
@TestProfile(HostileInputTest.Alone.class)
@NeedsClickHouse
class HostileInputTest {
    private static final long SEED = Chaos.seed();
    private static final int VALUES = Integer.getInteger("hostile.values", Chaos.times(4, 40));
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    /** An address with it thrice, each character encoded, is not too long for the server. */
    private static final int LONG_TEXT = 400;
    private static final int LONG_BODY = 3_000;
    private static final int DEEP = 20_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final List<String> TEXTS = List.of("", " ", "-1", "0", "1.5", "1e999", "99999999999999999999999",
            "NaN",
            "Infinity", "true", "null", "[]", "{}", "%", "_", "%_%", "';--", "' OR 1=1 --", "\" OR \"\"=\"", "\\",
            "\\'",
            "$(id)", "`id`", "${jndi:ldap://localhost/a}", "{{7*7}}", "{p1:String}", "../../etc/passwd", "..;",
            "\u0000",
            "a\u0000b", "\r\nX-Injected: 1", "\uFEFF", "\u202Eabc", "\uD83D\uDE00", "e\u0301", "\u0663\u0664",
            "2024-02-30", "0000-00-00", "9999-12-31", "+999999999-12-31", "-0001-01-01", "0001-01-01", "2024-01-01,",
            "Europe/Paris,UTC", "Etc/GMT+14", "x".repeat(LONG_TEXT), "1".repeat(LONG_TEXT), ",".repeat(LONG_TEXT));
    private static final List<String> JSON_VALUES = List.of("null", "true", "-1", "0", "1.5", "1e999",
            "99999999999999999999999", "\"\"", "\" \"", "\"\\u0000\"", "\"\\ud800\"", "\"\\u202e\"", "\"';--\"",
            "\"%_\"",
            "[]", "[null]", "[[]]", "[{}]", "{}", "{\"a\":{}}", "[1,\"1\",null]", "\"" + "x".repeat(LONG_BODY) + "\"",
            "[" + "\"1\",".repeat(LONG_BODY) + "\"1\"]", "[".repeat(DEEP) + "]".repeat(DEEP), "1".repeat(LONG_BODY));
    private static final List<String> HEADERS = List.of("Accept", "Accept-Encoding", "Accept-Language", "If-None-Match",
            "If-Modified-Since", "Prefer", "Range", "Idempotency-Key", "X-Request-Id", "traceparent", "tracestate",
            "X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "Forwarded", "Origin", "Cookie",
            "X-HTTP-Method-Override");
    private static final String MULTIPART = "multipart/form-data";
    private static final String BOUNDARY = "hostile";

    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Random random = new Random(SEED);
    private final List<String> faults = new ArrayList<>();
    private String apiKey = "";

    @AfterEach
    void close() {
        client.close();
    }

    /** An application and a database of its own: what happens to be right is done. */
    public static final class Alone implements QuarkusTestProfile {}

    /**
     * A request.
     *
     * @param header its name and value, or nothing
     * @param type of the body; empty when there is none
     * @param body a character for each byte
     * @param elsewhere whether it may lead to another operation, or to none
     */
    private record Probe(Operation operation, String target, List<String> header, Optional<String> type, String body,
            boolean elsewhere) {
        @Override
        public String toString() {
            String text = operation.method() + " " + target + " " + header + " " + type.orElse("") + " " + body;
            return text.length() > 200 ? text.substring(0, 200) + "..." : text;
        }
    }

    @Test
    void isNoFaultOfOurs() throws Exception {
        Signed consumer = ConsumersForTests.signUp("calls,analytics,interactions,reports");
        ConsumersForTests.execute("SELECT ledger.add(" + consumer.userId() + ", 'topup', 1000000, 'test', now())");
        apiKey = consumer.apiKey();
        Description description = new Description(JSON.readTree(given().get("/openapi.json").asString()));

        int asked = 0;
        for (Operation operation : description.operations()) {
            for (Probe probe : probes(description, operation)) {
                ask(description, probe);
                asked++;
            }
        }

        assertThat(faults).as("seed %d", SEED).isEmpty();
        assertThat(asked).isGreaterThan(1_000);
        given().get("/q/health/ready").then().statusCode(200);
    }

    private List<Probe> probes(Description description, Operation operation) throws IOException {
        List<Probe> probes = new ArrayList<>();
        List<JsonNode> parameters = description.parameters(operation);
        String path = path(operation, parameters, "", "");
        Optional<String> type = bodies(description, operation).keySet().stream().findFirst();
        String body = bytes(type.map(each -> example(description, operation, each)).orElse(""),
                StandardCharsets.UTF_8);
        for (JsonNode parameter : parameters) {
            String name = parameter.path("name").asText();
            for (String text : some(TEXTS)) {
                switch (parameter.path("in").asText()) {
                    case "path" -> probes.add(new Probe(operation, path(operation, parameters, name, text), List.of(),
                            type, body, true));
                    case "query" -> {
                        String query = name + "=" + encoded(text);
                        probes.add(probe(operation, path + "?" + query, type, body));
                        probes.add(probe(operation, path + "?" + query + "&" + name + "=1&" + query, type, body));
                    }
                    default -> header(operation, path, name, text, type, body).ifPresent(probes::add);
                }
            }
        }
        for (String name : some(HEADERS)) {
            for (String text : some(TEXTS)) {
                header(operation, path, name, text, type, body).ifPresent(probes::add);
            }
        }
        for (String each : bodies(description, operation).keySet()) {
            for (String hostile : bodies(each, example(description, operation, each))) {
                probes.add(probe(operation, path, Optional.of(each), hostile));
            }
            probes.add(probe(operation, path, Optional.of("application/xml"), body));
            probes.add(probe(operation, path, Optional.of(each + "; charset=utf-7"), body));
        }
        return probes;
    }

    private static Probe probe(Operation operation, String target, Optional<String> type, String body) {
        return new Probe(operation, target, List.of(), type, body, false);
    }

    /** Empty where a client cannot say it, or where the answer would not be the operation's own. */
    private static Optional<Probe> header(Operation operation, String path, String name, String text,
            Optional<String> type, String body) {
        boolean possible = text.chars().allMatch(character -> character >= ' ' && character < 0x7F);
        return possible
                ? Optional.of(new Probe(operation, path, List.of(name, text), type, body, false))
                : Optional.empty();
    }

    /** As many as there are to be, other ones each time. */
    private <T> List<T> some(List<T> all) {
        List<T> chosen = new ArrayList<>(all);
        Collections.shuffle(chosen, random);
        return chosen.subList(0, Math.min(VALUES, chosen.size()));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** With the examples of the description, but for one. */
    private static String path(Operation operation, List<JsonNode> parameters, String name, String text) {
        String path = operation.path();
        for (JsonNode parameter : parameters) {
            if (parameter.path("in").asText().equals("path")) {
                String own = parameter.path("name").asText();
                path = path.replace("{" + own + "}",
                        encoded(own.equals(name) ? text : parameter.path("example").asText()));
            }
        }
        return path;
    }

    private static Map<String, JsonNode> bodies(Description description, Operation operation) {
        return description.bodies(operation).properties().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static String example(Description description, Operation operation, String type) {
        JsonNode example = Description.examplesOf(description.bodies(operation).path(type)).getFirst();
        if (type.equals(MULTIPART)) {
            return "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.xlsx\"\r\n\r\n"
                    + "no workbook\r\n--" + BOUNDARY + "--\r\n";
        }
        // What other tests count is not touched, and nothing more is logged.
        return (example.isTextual() ? example.asText() : example.toString()).replace("764300806627", "990000000000")
                .replace("john_doe", "hostile").replace("john@", "hostile@").replace("\"debug\"", "\"info\"");
    }

    private List<String> bodies(String type, String example) throws JsonProcessingException {
        List<String> bodies = new ArrayList<>();
        Stream.of("", " ", "null", "1", "\"x\"", "[]", "{", "{}", "[{}]", "\uFEFF" + example, example + example,
                example.substring(0, example.length() / 2), "\u0000", "\u0000".repeat(LONG_BODY),
                "{\"a\":".repeat(DEEP), "[".repeat(DEEP), "\"".repeat(LONG_BODY + 1), ",".repeat(LONG_BODY),
                "\r\n".repeat(LONG_BODY), "--" + BOUNDARY + "\r\n", "--" + BOUNDARY + "--")
                .forEach(text -> bodies.add(bytes(text, StandardCharsets.UTF_8)));
        bodies.add(bytes(example, StandardCharsets.UTF_16));
        bodies.add("\u00FF\u00FE\u00C0\u00AF");
        if (type.equals("application/json")) {
            ObjectNode whole = (ObjectNode) JSON.readTree(example);
            for (String member : new TreeSet<>(whole.properties().stream().map(Map.Entry::getKey).toList())) {
                for (String value : some(JSON_VALUES)) {
                    ObjectNode other = whole.deepCopy();
                    other.putRawValue(member, new RawValue(value));
                    bodies.add(bytes(JSON.writeValueAsString(other), StandardCharsets.UTF_8));
                }
            }
            bodies.add(bytes("{\"\\u0000\":1," + example.substring(1), StandardCharsets.UTF_8));
        } else if (!type.equals(MULTIPART)) {
            String header = example.lines().findFirst().orElseThrow();
            for (String text : some(TEXTS)) {
                String row = header.replaceAll("[^,{}\"]+", "x").replaceFirst("x",
                        java.util.regex.Matcher.quoteReplacement(text));
                bodies.add(bytes(header + "\n" + row + "\n", StandardCharsets.UTF_8));
            }
        }
        return bodies;
    }

    private static String bytes(String text, Charset charset) {
        return new String(text.getBytes(charset), StandardCharsets.ISO_8859_1);
    }

    private void ask(Description description, Probe probe) throws InterruptedException {
        URI uri = URI.create(RestAssured.baseURI + ":" + RestAssured.port + probe.target);
        BodyPublisher body = probe.type.isPresent()
                ? BodyPublishers.ofString(probe.body, StandardCharsets.ISO_8859_1)
                : BodyPublishers.noBody();
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(TIMEOUT)
                .method(probe.operation.method(), body);
        // Else a report is waited for.
        request.setHeader("Prefer", "respond-async");
        Set<String> signIns = description.signInsOf(probe.operation);
        if (signIns.contains("basic")) {
            request.setHeader("Authorization", UsersForTests.basic("admin"));
        } else if (!signIns.isEmpty()) {
            request.setHeader("x-api-key", apiKey);
        }
        probe.type.ifPresent(type -> request.setHeader("Content-Type",
                type.equals(MULTIPART) ? type + "; boundary=" + BOUNDARY : type));
        if (!probe.header.isEmpty()) {
            request.setHeader(probe.header.getFirst(), probe.header.getLast());
        }
        try {
            fault(description, probe, client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray()))
                    .ifPresent(fault -> faults.add(fault + ": " + probe));
        } catch (IOException e) {
            faults.add(e + ": " + probe);
        }
    }

    private static Optional<String> fault(Description description, Probe probe, HttpResponse<byte[]> answer) {
        int status = answer.statusCode();
        String body = new String(answer.body(), StandardCharsets.UTF_8);
        String type = answer.headers().firstValue("Content-Type").orElse("");
        Set<Integer> documented = description.responses(probe.operation).stream().map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        boolean known = documented.contains(status) || (probe.elsewhere && Set.of(404, 405).contains(status));
        if (status >= 500 || !known) {
            return Optional.of(status + " " + body);
        }
        if (answer.headers().map().containsKey("x-injected")) {
            return Optional.of("A header was injected");
        }
        if (status >= 400) {
            return isProblem(status, type, body) ? Optional.empty() : Optional.of("No problem: " + type + " " + body);
        }
        return type.startsWith("application/json") && !isJson(body)
                ? Optional.of("No JSON: " + body)
                : Optional.empty();
    }

    private static boolean isProblem(int status, String type, String body) {
        try {
            JsonNode problem = JSON.readTree(body);
            return type.startsWith("application/problem+json") && problem.path("status").asInt() == status
                    && ProblemCode.valueOf(problem.path("code").asText()).status() == status
                    && !problem.path("detail").asText().contains("Exception");
        } catch (JsonProcessingException | IllegalArgumentException e) {
            return false;
        }
    }

    private static boolean isJson(String body) {
        try {
            return !JSON.readTree(body).isMissingNode();
        } catch (JsonProcessingException e) {
            return false;
        }
    }
}
