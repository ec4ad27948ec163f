package dev.tally.local;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * A stand-in for Gcore's API, over HTTP, as its published description has it, with made-up figures. What
 * goes wrong with it is steered by {@link #steer}, or from another process by {@code POST /_stand-in}.
 */
public final class GcoreStandIn implements AutoCloseable {
    public static final String USERNAME = "stand-in";
    public static final String PASSWORD = "password of the stand-in";
    public static final String API_TOKEN = "token of the stand-in";

    private static final ObjectMapper MAPPER = JsonMapper.builder().build();
    private static final Pattern REPORTS = Pattern
            .compile("/billing/(?:org/v1/reports|v1/org/files)(?:/([0-9a-f-]{36})(/download)?)?");
    private static final String START = "/billing/org/v1/reports";
    private static final String EARLIER_START = "/billing/v1/org/files/report";
    private static final String STEERING = "/_stand-in";
    private static final int MAX_BODY_BYTES = 1_048_576;
    private static final int BACKLOG = 1024;
    private static final int BAD_REQUEST = 400;
    private static final int UNAUTHORIZED = 401;
    /** More than any answer that is cut off has. */
    private static final long NEVER_REACHED_BYTES = 1L << 40;

    private final HttpServer server;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final StandInSteering steering;
    private final StandInTokens tokens;
    private final StandInReports reports;

    /**
     * On any free port of loopback.
     *
     * @param completeAfter how long a report takes
     */
    public GcoreStandIn(Clock clock, Duration completeAfter) {
        this(clock, completeAfter, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    /** @param listenOn where others reach it, such as a container */
    GcoreStandIn(Clock clock, Duration completeAfter, InetSocketAddress listenOn) {
        // Otherwise small answers in chunks wait for the client's acknowledgement.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        this.steering = new StandInSteering(StandInOptions.ordinary(completeAfter.toMillis()));
        this.tokens = new StandInTokens(clock);
        this.reports = new StandInReports(clock, steering);
        try {
            this.server = HttpServer.create(listenOn, BACKLOG);
        } catch (IOException e) {
            throw new UncheckedIOException("The stand-in for Gcore did not start", e);
        }
        server.setExecutor(executor);
        server.createContext("/", this::handle);
        start();
    }

    /** From a thread that does not keep the JVM alive, because the server's own thread takes after it. */
    private void start() {
        Thread starter = Thread.ofPlatform().daemon().start(server::start);
        try {
            starter.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while the stand-in for Gcore was starting", e);
        }
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /**
     * Changes its behaviour.
     *
     * @param json {@code faults}, {@code scripts} and {@code options} as {@code StandInSteering} has them, and
     *        {@code "reset":true}, {@code "killAccess":true}, {@code "killRefresh":true}, which come first
     */
    public void steer(String json) {
        try {
            JsonNode wish = MAPPER.readTree(json);
            if (wish.path("reset").asBoolean()) {
                steering.reset();
                reports.clear();
            }
            if (wish.path("killAccess").asBoolean()) {
                tokens.killAccess();
            }
            if (wish.path("killRefresh").asBoolean()) {
                tokens.killRefresh();
            }
            steering.steer(wish);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code requests}: how often each operation was asked for; {@code reports}: what was asked about each. */
    public JsonNode journal() {
        ObjectNode journal = JsonNodeFactory.instance.objectNode();
        journal.set("requests", steering.counts());
        journal.set("reports", reports.journal());
        return journal;
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        executor.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES);
        String path = exchange.getRequestURI().getPath();
        String method = exchange.getRequestMethod();
        if (path.equals(STEERING)) {
            if (method.equals("POST")) {
                steer(new String(body, StandardCharsets.UTF_8));
            }
            send(exchange, StandInAnswer.json(200, journal()));
            return;
        }
        String operation = operation(method, path);
        steering.count(operation);
        Optional<StandInFault> fault = steering.fault(operation);
        if (fault.isPresent()) {
            suffer(fault.get(), exchange, operation, body);
        } else {
            send(exchange, answer(exchange, operation, body));
        }
    }

    private static String operation(String method, String path) {
        if (path.startsWith("/iam/auth/jwt/")) {
            return path.substring("/iam/auth/jwt/".length());
        }
        if (path.equals("/billing/v1/report_features")) {
            return "features";
        }
        if (method.equals("POST") && (path.equals(START) || path.equals(EARLIER_START))) {
            return "start";
        }
        Matcher matcher = REPORTS.matcher(path);
        if (!matcher.matches()) {
            return "unknown";
        }
        if (method.equals("DELETE")) {
            return "delete";
        }
        if (matcher.group(1) == null) {
            return "list";
        }
        return matcher.group(2) == null ? "status" : "download";
    }

    private StandInAnswer answer(HttpExchange exchange, String operation, byte[] body) throws IOException {
        if (operation.equals("login") || operation.equals("refresh")) {
            return logIn(operation, MAPPER.readTree(body));
        }
        if (!tokens.accepts(exchange.getRequestHeaders().getFirst("Authorization"))) {
            return StandInAnswer.json(UNAUTHORIZED,
                    JsonNodeFactory.instance.objectNode().put("detail", "Token is invalid or expired"));
        }
        Map<String, String> query = query(exchange.getRequestURI().getRawQuery());
        // As the client knows it: within a container nobody else does.
        String address = "http://" + exchange.getRequestHeaders().getFirst("Host") + exchange.getRequestURI().getPath();
        Matcher matcher = REPORTS.matcher(exchange.getRequestURI().getPath());
        Optional<UUID> uuid = matcher.matches()
                ? Optional.ofNullable(matcher.group(1)).map(UUID::fromString)
                : Optional.empty();
        return switch (operation) {
            case "features" -> reports.features(address, query);
            case "start" -> reports.start(MAPPER.readTree(body));
            case "list" -> reports.list(address, query);
            case "status" -> reports.status(uuid.orElseThrow());
            case "download" -> reports.download(uuid.orElseThrow(), query.getOrDefault("format", "xlsx"));
            case "delete" -> uuid.map(reports::delete).orElseGet(StandInReports::notFound);
            default -> StandInReports.notFound();
        };
    }

    private StandInAnswer logIn(String operation, JsonNode body) {
        long accessMillis = steering.options().accessMillis();
        if (operation.equals("refresh")) {
            return tokens.use(body.path("refresh").asText())
                    ? StandInAnswer.json(200, tokens.pair(accessMillis))
                    : StandInAnswer.json(UNAUTHORIZED,
                            JsonNodeFactory.instance.objectNode().put("detail", "Token is invalid or expired"));
        }
        if (body.path("username").asText().equals(USERNAME) && body.path("password").asText().equals(PASSWORD)) {
            return StandInAnswer.json(200, tokens.pair(accessMillis));
        }
        ObjectNode refusal = JsonNodeFactory.instance.objectNode();
        refusal.putObject("errors").putArray("errors").add("No active account found with the given credentials.");
        return StandInAnswer.json(BAD_REQUEST, refusal);
    }

    /** An exception out of here closes the connection as it is, with a body that has no end. */
    private void suffer(StandInFault fault, HttpExchange exchange, String operation, byte[] body) throws IOException {
        switch (fault.kind()) {
            case STATUS -> {
                if (fault.retryAfter() != null) {
                    exchange.getResponseHeaders().add("Retry-After", fault.retryAfter());
                }
                send(exchange, StandInAnswer.json(fault.status(),
                        JsonNodeFactory.instance.objectNode().put("detail", "As a test wanted it.")));
            }
            case DELAY -> {
                await(fault.millis());
                send(exchange, answer(exchange, operation, body));
            }
            case HANG -> {
                await(fault.millis());
                throw new IOException("No answer, as a test wanted it");
            }
            case LOST -> {
                answer(exchange, operation, body);
                throw new IOException("A lost answer, as a test wanted it");
            }
            case CUT, CUT_CHUNK, STALL -> {
                StandInAnswer answer = answer(exchange, operation, body);
                answer.headers().forEach(exchange.getResponseHeaders()::add);
                boolean chunked = fault.kind() == StandInFault.Kind.CUT_CHUNK;
                exchange.sendResponseHeaders(answer.status(), chunked ? 0 : NEVER_REACHED_BYTES);
                OutputStream output = exchange.getResponseBody();
                answer.body().write(output);
                output.flush();
                await(fault.millis());
                throw new IOException("Cut off, as a test wanted it");
            }
        }
    }

    /** Ends early when the stand-in does. */
    private void await(long millis) {
        try {
            boolean unused = closed.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(HttpExchange exchange, StandInAnswer answer) throws IOException {
        answer.headers().forEach(exchange.getResponseHeaders()::add);
        exchange.sendResponseHeaders(answer.status(), answer.length());
        if (answer.length() != StandInAnswer.EMPTY) {
            OutputStream output = exchange.getResponseBody();
            answer.body().write(output);
            output.close();
        }
        exchange.close();
    }

    private static Map<String, String> query(@Nullable String raw) {
        Map<String, String> query = new HashMap<>();
        for (String part : (raw == null ? "" : raw).split("&", -1)) {
            int equals = part.indexOf('=');
            if (equals > 0) {
                query.put(part.substring(0, equals),
                        URLDecoder.decode(part.substring(equals + 1), StandardCharsets.UTF_8));
            }
        }
        return query;
    }
}
