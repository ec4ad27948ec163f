package dev.tally.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import dev.tally.local.BucketAccess;
import dev.tally.local.BucketStore;
import dev.tally.local.LocalS3;
import dev.tally.local.SampleFiles;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;

/** A real S3 server over a directory, for the application under test, with the sample files in a bucket. */
public final class S3ForTests implements QuarkusTestResourceLifecycleManager {
    /** The bucket of what reports leave there. */
    public static final String BUCKET = "reports-of-the-tests";
    // System properties, because this class is loaded once more for the tests themselves.
    private static final String DIRECTORY = "tally.test.s3-directory";
    private static final String PORT = "tally.test.s3-port";

    private @Nullable LocalS3 server;

    /** The keys of all objects of the reports' bucket. */
    public static List<String> keys() {
        return bucket(BUCKET).keys();
    }

    /** The bucket of the sample files, for tests to put objects there and to replace and delete them. */
    public static BucketStore samples() {
        return bucket(LocalS3.SAMPLES);
    }

    /** How another server reaches that bucket. Its port stays the same for every application under test. */
    public static BucketAccess accessToSamples() {
        return LocalS3.access(Integer.getInteger(PORT), LocalS3.SAMPLES);
    }

    private static BucketStore bucket(String name) {
        return BucketStore.open(Path.of(Objects.requireNonNull(System.getProperty(DIRECTORY))), name);
    }

    @Override
    public Map<String, String> start() {
        Path directory = newDirectory();
        LocalS3 started = LocalS3.start(directory, Integer.getInteger(PORT, 0));
        server = started;
        System.setProperty(DIRECTORY, directory.toString());
        System.setProperty(PORT, Integer.toString(started.port()));
        BucketStore.open(directory, BUCKET);
        BucketStore samples = started.bucket(LocalS3.SAMPLES);
        SampleFiles.all().forEach(samples::put);
        Map<String, String> settings = new HashMap<>(started.settings());
        settings.put("tally.analytics.bucket", LocalS3.SAMPLES);
        settings.put("tally.reports.results.s3-bucket", BUCKET);
        // So that a report need not be large to go there.
        settings.put("tally.reports.results.max-postgres-bytes", "20000");
        settings.put("tally.reports.results.chunk-bytes", "4096");
        return settings;
    }

    private static Path newDirectory() {
        try {
            return Files.createTempDirectory(Files.createDirectories(Path.of("target")), "s3-").toAbsolutePath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void stop() {
        if (server != null) {
            server.close();
        }
    }
}
