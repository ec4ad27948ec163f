package dev.tally.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.tally.local.LocalPostgres;

/** A server under test in a process of its own: the packaged application, or a peer of it. */
final class ServerProcess implements AutoCloseable {
    static final String HOST = "127.0.0.1";
    private static final String PASSWORD = UUID.randomUUID().toString();
    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(60);
    private static final int POLL_MILLIS = 100;
    private static final Pattern PEAK_RESIDENT = Pattern.compile("VmHWM:\\s+(\\d+) kB");
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

    private final Process process;
    private final int port;
    private final String authorization;
    private final Path log;
    private final long startedNanos;

    private ServerProcess(Process process, int port, String authorization, Path log, long startedNanos) {
        this.process = process;
        this.port = port;
        this.authorization = authorization;
        this.log = log;
        this.startedNanos = startedNanos;
    }

    /** The packaged application, as an operator runs it, log-in included. */
    static ServerProcess application(Path buildDirectory, Postgres.Database database, List<String> options)
            throws IOException, InterruptedException {
        return application(Packaging.FAST_JAR, buildDirectory, database, options);
    }

    static ServerProcess application(Packaging packaging, Path buildDirectory, Postgres.Database database,
            List<String> options) throws IOException, InterruptedException {
        ServerProcess server = launch(packaging, buildDirectory, database, options);
        server.awaitHealth();
        return server;
    }

    /** As {@link #application}, but does not wait until it answers. */
    static ServerProcess launch(Packaging packaging, Path buildDirectory, Postgres.Database database,
            List<String> options) throws IOException {
        return launch(packaging, buildDirectory, database, options, Map.of(), "application-" + database.name());
    }

    /**
     * The same with more of its environment.
     *
     * @param name of its log
     */
    static ServerProcess launch(Packaging packaging, Path buildDirectory, Postgres.Database database,
            List<String> options, Map<String, String> environment, String name) throws IOException {
        Path users = directory(buildDirectory).resolve("users").toAbsolutePath();
        Files.writeString(users, "bench = " + digest("bench:Tally:" + PASSWORD) + ", operator\n");
        int port = freePort();
        ProcessBuilder builder = packaging.command(buildDirectory, options);
        builder.environment().putAll(Map.of("POSTGRES_URL", database.url(), "POSTGRES_USER", LocalPostgres.USER,
                "POSTGRES_PASSWORD", "none", "TALLY_USERS_FILE", users.toString(), "APP_HOST", HOST, "APP_PORT",
                String.valueOf(port)));
        String basic = Base64.getEncoder().encodeToString(("bench:" + PASSWORD).getBytes(StandardCharsets.UTF_8));
        builder.environment().putAll(environment);
        return launch(builder, directory(buildDirectory).resolve(name + ".log"), port,
                "Basic " + basic);
    }

    /** The peer, without any log-in. */
    static ServerProcess peer(Path buildDirectory, Postgres.Database database, List<String> options)
            throws IOException, InterruptedException {
        int port = freePort();
        List<String> arguments = new ArrayList<>(options);
        arguments.addAll(List.of("-cp", System.getProperty("java.class.path"), VertxPeer.class.getName(),
                String.valueOf(port), String.valueOf(database.port()), database.name()));
        ServerProcess server = launch(Jvm.java(arguments), directory(buildDirectory).resolve("peer.log"), port, "");
        server.awaitHealth();
        return server;
    }

    /** Where a benchmark may write. */
    static Path directory(Path buildDirectory) throws IOException {
        return Files.createDirectories(buildDirectory.resolve("bench"));
    }

    private static ServerProcess launch(ProcessBuilder builder, Path log, int port, String authorization)
            throws IOException {
        builder.redirectErrorStream(true).redirectOutput(log.toFile());
        long started = System.nanoTime();
        Process process = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        return new ServerProcess(process, port, authorization, log, started);
    }

    void awaitHealth() throws IOException, InterruptedException {
        while (!isHealthy()) {
            requireStarting();
            Thread.sleep(POLL_MILLIS);
        }
    }

    /** Throws when there is nothing to wait for. */
    void requireStarting() throws IOException {
        if (!process.isAlive() || System.nanoTime() - startedNanos > START_TIMEOUT.toNanos()) {
            throw new IOException("The server did not start; " + log + " says why");
        }
    }

    /** {@link System#nanoTime} right before the process was made. */
    long startedNanos() {
        return startedNanos;
    }

    private boolean isHealthy() throws InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + HOST + ":" + port + "/health")).build();
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    int port() {
        return port;
    }

    /** A request for this path, with what the log-in needs. */
    HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://" + HOST + ":" + port + path));
        return authorization.isEmpty() ? request : request.header("Authorization", authorization);
    }

    /** The start of a GET for this path on a connection of one's own. */
    String head(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: " + HOST + ":" + port + "\r\nAccept: application/json\r\n"
                + (authorization.isEmpty() ? "" : "Authorization: " + authorization + "\r\n") + "\r\n";
    }

    /** What the process has used of the processors so far, user and system time. */
    Duration cpu() {
        return process.info().totalCpuDuration().orElseThrow();
    }

    /** The most memory that the process ever held, in MiB. */
    long peakResidentMebibytes() throws IOException {
        return kibibytes(PEAK_RESIDENT) >> 10;
    }

    /** The memory that the process holds now, in MiB. */
    double residentMebibytes() throws IOException {
        return kibibytes(RESIDENT) / 1024.0;
    }

    private long kibibytes(Pattern line) throws IOException {
        Matcher found = line.matcher(Files.readString(Path.of("/proc/" + process.pid() + "/status")));
        if (!found.find()) {
            throw new IOException("Linux does not say how much memory the process holds");
        }
        return Long.parseLong(found.group(1));
    }

    /** Ends it as a fault of the machine would. */
    void kill() throws InterruptedException {
        Process unused = process.destroyForcibly();
        int status = process.waitFor();
        if (status == 0) {
            throw new IllegalStateException("It had ended before");
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            process.onExit().get(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String digest(String text) {
        try {
            return HexFormat.of().formatHex(
                    MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
