package dev.tally.local;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A real ClickHouse over a data directory, for dev mode and tests, as a process of its own on a free port of loopback. It
 * ends with this JVM, also when that is killed.
 *
 * <p>Its user may read any file of this machine that you may. So there is a new password at each start.
 */
public final class LocalClickHouse implements AutoCloseable {
    public static final String USER = "tally";

    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);
    private static final int PASSWORD_BYTES = 16;
    private static final int MAX_LOG_LINES = 20;

    private final Process process;
    private final String url;
    private final String password;

    private LocalClickHouse(Process process, String url, String password) {
        this.process = process;
        this.url = url;
        this.password = password;
    }

    /**
     * Starts it, which takes some seconds at most.
     *
     * @param library what {@link ClickHouseLibrary} has found
     * @param directory where its data and files are kept; made when it is not there
     * @param bucket to which the named collection {@code tally_s3} leads; without one there is no such collection
     * @throws UncheckedIOException when it does not start; also when another JVM uses the directory, in words for its user
     */
    public static LocalClickHouse start(Path library, Path directory, Optional<BucketAccess> bucket) {
        return start(library, directory, bucket, Optional.empty());
    }

    /** The same as one of the servers of a cluster, which then also listens on its port of the native protocol. */
    public static LocalClickHouse start(Path library, Path directory, Optional<BucketAccess> bucket,
            Optional<ClusterMember> member) {
        ClickHouseFiles files = new ClickHouseFiles(directory.toAbsolutePath());
        String password = newPassword();
        try {
            Files.createDirectories(files.directory());
            DirectoryOwner.claim(files.directory());
            awaitEndOfEarlier(files);
            files.write(USER, password, bucket, member);
            Process process = command(library, files, member.isPresent() ? "HTTP TCP" : "HTTP").start();
            try {
                Files.writeString(files.process(), Long.toString(process.pid()));
                return new LocalClickHouse(process, "http://127.0.0.1:" + portOf(process, files), password);
            } catch (IOException | RuntimeException e) {
                process.destroyForcibly();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The local ClickHouse did not start", e);
        }
    }

    /** How the application is configured to use it. */
    public Map<String, String> settings() {
        return settings(url, password);
    }

    /** The same for one that was started elsewhere. */
    public static Map<String, String> settings(String url, String password) {
        URI address = URI.create(url);
        return Map.of("tally.clickhouse.host", address.getHost(),
                "tally.clickhouse.port", Integer.toString(address.getPort()),
                "tally.clickhouse.secure", "false",
                "tally.clickhouse.username", USER,
                "tally.clickhouse.password", password,
                // Its default one is of a kind that takes tables from elsewhere, and none of this kind.
                "tally.clickhouse.database", "tally");
    }

    /** Of its HTTP interface, without a path. */
    public String url() {
        return url;
    }

    public String password() {
        return password;
    }

    /** Ends it; the data stays. */
    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static ProcessBuilder command(Path library, ClickHouseFiles files, String protocols) {
        Path home = Path.of(System.getProperty("java.home"));
        ProcessBuilder builder = new ProcessBuilder(List.of(
                home.resolve("bin").resolve("java").toString(),
                "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx64m", "--enable-native-access=ALL-UNNAMED",
                "-classpath", classPath().toString(), ClickHouseServer.class.getName(),
                library.toString(), files.data().toString(), files.config().toString(), protocols))
                .directory(new File(files.directory().toString()))
                .redirectError(files.log().toFile());
        // Nothing of ours: neither credentials nor a proxy nor options of Java. Java's signal handlers and those of
        // ClickHouse get along by libjsig.
        builder.environment().clear();
        builder.environment().putAll(Map.of("TZ", "UTC",
                "LD_PRELOAD", home.resolve("lib").resolve("libjsig.so").toString()));
        return builder;
    }

    /** Where this class came from: a directory or a jar. */
    private static Path classPath() {
        CodeSource source = Objects.requireNonNull(ClickHouseServer.class.getProtectionDomain().getCodeSource());
        try {
            return Path.of(source.getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("The place of the classes is no path", e);
        }
    }

    private static int portOf(Process process, ClickHouseFiles files) throws IOException {
        CompletableFuture<Optional<String>> line = CompletableFuture.supplyAsync(() -> firstLine(process),
                task -> Thread.ofVirtual().start(task));
        try {
            return Integer.parseInt(line.get(START_TIMEOUT.toSeconds(), TimeUnit.SECONDS)
                    .orElseThrow(() -> new IOException("It ended at once and said: " + endOf(files.log()))));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while the local ClickHouse was starting", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("It does not listen; its log is " + files.log(), e);
        }
    }

    /** Empty when the process has ended without one. Nothing follows that would have to be read. */
    private static Optional<String> firstLine(Process process) {
        try {
            @SuppressWarnings("resource") // The process closes it at its end.
            BufferedReader output = process.inputReader();
            return Optional.ofNullable(output.readLine());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String endOf(Path log) {
        try {
            List<String> lines = Files.readAllLines(log);
            return String.join("\n", lines.subList(Math.max(0, lines.size() - MAX_LOG_LINES), lines.size()));
        } catch (IOException e) {
            return "nothing that can be read, in " + log;
        }
    }

    /**
     * The server of a JVM that has just ended may still be ending, and two on the same data are refused (code 76). One
     * that does not come to its end is killed: no JVM is left that could use it.
     */
    private static void awaitEndOfEarlier(ClickHouseFiles files) throws IOException {
        if (!Files.exists(files.process())) {
            return;
        }
        long pid = Long.parseLong(Files.readString(files.process()).strip());
        Optional<ProcessHandle> earlier = ProcessHandle.of(pid).filter(process -> isServer(process, files));
        if (earlier.isEmpty()) {
            return;
        }
        try {
            earlier.get().onExit().get(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            earlier.get().destroyForcibly();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while the earlier local ClickHouse was ending", e);
        } catch (ExecutionException e) {
            throw new IOException("The end of the earlier local ClickHouse (process " + pid + ") cannot be awaited", e);
        }
    }

    /** Process ids are used again: only what runs our main class over this directory is meant. */
    private static boolean isServer(ProcessHandle process, ClickHouseFiles files) {
        List<String> arguments = process.info().arguments().map(List::of).orElse(List.of());
        return arguments.contains(ClickHouseServer.class.getName()) && arguments.contains(files.data().toString());
    }

    private static String newPassword() {
        byte[] bytes = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
