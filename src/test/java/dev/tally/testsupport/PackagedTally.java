package dev.tally.testsupport;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The packaged application as a process of its own: the jar, or with {@code -Dnative} the binary. */
public final class PackagedTally implements AutoCloseable {
    private static final Path PACKAGED = Path.of(System.getProperty("tally.packaged", "nothing"));
    private static final Duration START_TIMEOUT = Duration.ofMinutes(3);
    private static final Duration END_TIMEOUT = Duration.ofMinutes(3);
    private static final Pattern LISTENING = Pattern.compile("Listening on: http://[^:]+:([0-9]+)");

    private final Process process;
    private final Path output;
    private final Path errors;

    private PackagedTally(Process process, Path output, Path errors) {
        this.process = process;
        this.output = output;
        this.errors = errors;
    }

    /** The jar that is started, or the binary. */
    public static Path path() {
        return PACKAGED;
    }

    public static boolean isJar() {
        return PACKAGED.toString().endsWith(".jar");
    }

    /** The Java that runs the tests. */
    public static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** Starts it on any free port with these environment variables, and none of Tally's from outside. */
    public static PackagedTally start(Map<String, String> environment, String... arguments) {
        return start(Path.of("").toAbsolutePath(), command(arguments), environment);
    }

    /** The same as it is shipped: when it is told to end, it serves on for a while, which elsewhere is left out. */
    public static PackagedTally startAsShipped(Map<String, String> environment) {
        return start(Path.of("").toAbsolutePath(), command(), environment, true);
    }

    private static List<String> command(String... arguments) {
        List<String> command = new ArrayList<>(
                isJar() ? List.of(java(), "-jar", PACKAGED.toString()) : List.of(PACKAGED.toString()));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Starts it by a command of one's own. */
    public static PackagedTally start(Path directory, List<String> command, Map<String, String> environment) {
        return start(directory, command, environment, false);
    }

    private static PackagedTally start(Path directory, List<String> command, Map<String, String> environment,
            boolean withDelay) {
        try {
            Path output = Files.createTempFile(Path.of("target"), "packaged", ".out");
            Path errors = Files.createTempFile(Path.of("target"), "packaged", ".err");
            ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile())
                    .redirectOutput(output.toFile()).redirectError(errors.toFile());
            builder.environment().keySet()
                    .removeIf(name -> name.matches("(POSTGRES|TALLY|QUARKUS|APP|OTEL)_.*|LOG_LEVEL"));
            builder.environment().put("APP_HOST", "127.0.0.1");
            builder.environment().put("APP_PORT", "0");
            if (!withDelay) {
                builder.environment().put("QUARKUS_SHUTDOWN_DELAY", "0S");
            }
            builder.environment().putAll(environment);
            return new PackagedTally(builder.start(), output, errors);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of its process. */
    public long pid() {
        return process.pid();
    }

    /** Waits until it listens; gives where. */
    public int port() {
        await().atMost(START_TIMEOUT).until(() -> LISTENING.matcher(output()).find() || !process.isAlive());
        Matcher listening = LISTENING.matcher(output());
        if (!listening.find()) {
            throw new AssertionError("Did not start: " + errors() + output());
        }
        return Integer.parseInt(listening.group(1));
    }

    /** A request to it, to be completed. */
    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path));
    }

    /** Asks it to end, as Kubernetes does. */
    public void terminate() {
        handle().destroy();
    }

    /** The process itself, also where another one started it and waits for it. */
    public ProcessHandle handle() {
        return process.descendants().reduce((_, inner) -> inner).orElseGet(process::toHandle);
    }

    /** Whether it has not ended. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Waits for its end and gives its exit code. */
    public int exitCode() throws InterruptedException {
        if (!process.waitFor(END_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("Does not end: " + errors() + output());
        }
        return process.exitValue();
    }

    public String output() {
        return read(output);
    }

    /** Standard error, without the warnings of the Java virtual machine itself. */
    public String errors() {
        return read(errors).replaceAll("(?m)^WARNING: .*\\R", "");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
