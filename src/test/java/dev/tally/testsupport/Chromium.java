package dev.tally.testsupport;

import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * A Chromium that is steered by its ChromeDriver, in the WebDriver protocol of W3C. By hand, because the usual client of it
 * brings some twenty libraries into the class path of the tests.
 */
final class Chromium implements AutoCloseable {
    private static final int START_ATTEMPTS = 5;
    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration COMMAND_TIMEOUT = Duration.ofMinutes(3);
    /** For scripts that are waited for, such as axe on a large page and a busy machine. */
    private static final Duration SCRIPT_TIMEOUT = Duration.ofMinutes(2);
    private static final Pattern STARTED = Pattern.compile("started successfully on port ([0-9]+)");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Process driver;
    private final String sessions;
    private final String session;

    /** What ChromeDriver answers when a command could not be done. */
    static final class CommandException extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final String code;

        CommandException(String code, String message) {
            super(code + ": " + message);
            this.code = code;
        }

        /** Of the protocol, such as {@code no such element}. */
        String code() {
            return code;
        }
    }

    static boolean isThere() {
        return chromium().isPresent() && onPath("chromedriver").isPresent();
    }

    private static Optional<Path> chromium() {
        return onPath("chromium").or(() -> onPath("chromium-browser")).or(() -> onPath("google-chrome"));
    }

    private static Optional<Path> onPath(String program) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(directory -> Path.of(directory, program)).filter(Files::isExecutable).findFirst();
    }

    /** Starts one with a profile of its own, which writes what it downloads into a directory. */
    Chromium(Path directory) {
        Path log = directory.resolve("chromedriver.log");
        Process process = start(log);
        // It takes a free port in two steps, between which another may have taken it.
        for (int attempts = 1; port(log, process).isEmpty() && attempts < START_ATTEMPTS; attempts++) {
            process = start(log);
        }
        driver = process;
        sessions = "http://127.0.0.1:"
                + port(log, process).orElseThrow(() -> new AssertionError("ChromeDriver did not start: " + read(log)))
                + "/session";
        JsonNode answer = ask("POST", sessions, Map.of("capabilities", Map.of("alwaysMatch", capabilities(directory))));
        session = sessions + "/" + answer.get("sessionId").asText();
    }

    private static Process start(Path log) {
        ProcessBuilder builder = new ProcessBuilder(onPath("chromedriver").orElseThrow().toString(), "--port=0")
                .redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("TZ", "UTC");
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits until it listens; gives where, or nothing when it has ended instead. */
    private static Optional<String> port(Path log, Process process) {
        Predicate<String> hasStarted = STARTED.asPredicate();
        await().atMost(START_TIMEOUT).until(() -> hasStarted.test(read(log)) || !process.isAlive());
        Matcher started = STARTED.matcher(read(log));
        return started.find() ? Optional.of(started.group(1)) : Optional.empty();
    }

    private static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, Object> capabilities(Path directory) {
        List<String> arguments = List.of("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
                "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--disable-dev-shm-usage", "--hide-scrollbars", "--lang=en", "--window-size=1280,900",
                "--user-data-dir=" + directory.resolve("profile").toAbsolutePath());
        return Map.of("browserName", "chrome",
                "timeouts", Map.of("script", SCRIPT_TIMEOUT.toMillis()),
                "goog:loggingPrefs", Map.of("browser", "ALL"),
                "goog:chromeOptions", Map.of(
                        "binary", chromium().orElseThrow().toString(),
                        "args", arguments,
                        "prefs", Map.of("download.default_directory", directory.toAbsolutePath().toString())));
    }

    /** Sends a command below the session, such as {@code POST /url}, and gives the value of the answer. */
    JsonNode command(String method, String path, Map<String, ?> body) {
        return ask(method, session + path, body);
    }

    private JsonNode ask(String method, String url, Map<String, ?> body) {
        try {
            HttpRequest.BodyPublisher publisher = method.equals("POST")
                    ? HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body))
                    : HttpRequest.BodyPublishers.noBody();
            HttpRequest request = HttpRequest.newBuilder(URI.create(url)).timeout(COMMAND_TIMEOUT)
                    .method(method, publisher).build();
            JsonNode value = JSON.readTree(client.send(request, HttpResponse.BodyHandlers.ofString()).body())
                    .path("value");
            if (value.has("error")) {
                throw new CommandException(value.get("error").asText(), value.path("message").asText());
            }
            return value;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted in a test with a browser", e);
        }
    }

    @Override
    public void close() {
        try {
            ask("DELETE", session, Map.of());
        } finally {
            client.close();
            driver.descendants().forEach(ProcessHandle::destroyForcibly);
            driver.destroyForcibly();
        }
    }
}
