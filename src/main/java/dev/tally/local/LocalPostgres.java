package dev.tally.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

/**
 * A real PostgreSQL out of a Maven artifact, for dev mode and tests. One runs for each JVM and data directory; it ends
 * with the JVM, also when the JVM is killed.
 */
public final class LocalPostgres {
    /** The superuser; it needs no password. */
    public static final String USER = "postgres";

    /** JVM-wide, because live reload loads this class anew and the server must outlive that. */
    private static final String URL_PROPERTY = "tally.local.postgres.url";
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);
    private static final String DATABASE = "postgres";

    private LocalPostgres() {}

    /**
     * Starts the server of this JVM unless it runs already.
     *
     * @param dataDirectory where the data is kept; made when it is not there
     * @param settings server settings, such as {@code fsync=off}
     * @return its JDBC URL; user {@code postgres}, no password, listening on loopback only
     */
    public static synchronized String start(Path dataDirectory, List<String> settings) {
        return Optional.ofNullable(System.getProperty(URL_PROPERTY)).orElseGet(() -> {
            String url = startServer(dataDirectory.toAbsolutePath(), settings);
            System.setProperty(URL_PROPERTY, url);
            return url;
        });
    }

    private static String startServer(Path dataDirectory, List<String> settings) {
        try {
            Files.createDirectories(dataDirectory);
            DirectoryOwner.claim(dataDirectory);
            stopOrphan(dataDirectory);
            EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                    .setDataDirectory(dataDirectory)
                    .setCleanDataDirectory(false)
                    .setRegisterShutdownHook(false)
                    .setServerConfig("listen_addresses", "127.0.0.1")
                    .setServerConfig("timezone", "UTC")
                    // The library turns both off: what a server says it has would not be on disk yet.
                    .setServerConfig("fsync", "on")
                    .setServerConfig("synchronous_commit", "on")
                    .setPGStartupWait(Duration.ofSeconds(60));
            for (String setting : settings) {
                int equals = setting.indexOf('=');
                builder.setServerConfig(setting.substring(0, equals), setting.substring(equals + 1));
            }
            // Never closed here: the watcher below stops the server once this JVM is gone, which is after Quarkus has
            // closed its connections, and happens after kill -9 too.
            @SuppressWarnings("resource")
            EmbeddedPostgres server = builder.start();
            watch(dataDirectory);
            return "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/" + DATABASE;
        } catch (IOException e) {
            throw new UncheckedIOException("The local PostgreSQL did not start", e);
        }
    }

    /** A child that waits for the end of its standard input, that is of this JVM, and then stops the server. */
    @SuppressWarnings("resource")
    private static void watch(Path dataDirectory) throws IOException {
        new ProcessBuilder("sh", "-c",
                "trap '' INT TERM HUP; cat >/dev/null; kill -INT $(head -n 1 \"$0/postmaster.pid\")",
                dataDirectory.toString())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** Stops the server that a JVM left behind in this data directory, if one did. */
    private static void stopOrphan(Path dataDirectory) throws IOException {
        Path pidFile = dataDirectory.resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return;
        }
        long pid = Long.parseLong(Files.readAllLines(pidFile).getFirst().trim());
        Optional<ProcessHandle> orphan = ProcessHandle.of(pid)
                .filter(process -> process.info().command().orElse("").contains("postgres"));
        if (orphan.isEmpty()) {
            Files.deleteIfExists(pidFile);
            return;
        }
        // A "fast" shutdown. Java's own way to end a process, SIGTERM, would wait for the orphan's clients.
        new ProcessBuilder("sh", "-c", "kill -INT \"$0\"", Long.toString(pid)).start();
        try {
            orphan.get().onExit().get(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted while the earlier local PostgreSQL (process " + pid + ") was stopping",
                    e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("The earlier local PostgreSQL (process " + pid + ") does not stop; please end it", e);
        }
    }
}
