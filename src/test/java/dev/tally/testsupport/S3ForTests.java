package dev.tally.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Stream;

import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.jspecify.annotations.Nullable;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;

/** A real S3 server over a directory, for the application under test. */
public final class S3ForTests implements QuarkusTestResourceLifecycleManager {
    /** The bucket of what reports leave there. */
    public static final String BUCKET = "reports-of-the-tests";
    private static final String DIRECTORY = "tally.test.s3-directory";

    private @Nullable S3Proxy server;

    /** The keys of all objects of the bucket. */
    public static List<String> keys() {
        Path bucket = Path.of(Objects.requireNonNull(System.getProperty(DIRECTORY)), BUCKET);
        try (Stream<Path> files = Files.walk(bucket)) {
            return files.filter(Files::isRegularFile).map(file -> bucket.relativize(file).toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Map<String, String> start() {
        try {
            Path directory = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "s3-");
            Path unused = Files.createDirectory(directory.resolve(BUCKET));
            // A system property, because this class is loaded once more for the tests themselves.
            System.setProperty(DIRECTORY, directory.toAbsolutePath().toString());
            S3Proxy started = start(directory);
            server = started;
            return Map.of(
                    "quarkus.s3.endpoint-override", "http://127.0.0.1:" + started.getPort(),
                    "quarkus.s3.path-style-access", "true",
                    "quarkus.s3.aws.credentials.type", "static",
                    "quarkus.s3.aws.credentials.static-provider.access-key-id", "anybody",
                    "quarkus.s3.aws.credentials.static-provider.secret-access-key", "of the tests",
                    "tally.reports.results.s3-bucket", BUCKET,
                    // So that a report need not be large to go there.
                    "tally.reports.results.max-postgres-bytes", "20000",
                    "tally.reports.results.chunk-bytes", "4096");
        } catch (Exception e) {
            throw new IllegalStateException("No S3 for the tests", e);
        }
    }

    private static S3Proxy start(Path directory) throws Exception {
        Properties properties = new Properties();
        properties.setProperty("jclouds.filesystem.basedir", directory.toString());
        S3Proxy proxy = S3Proxy.builder().blobStore(BlobStores.create("filesystem-nio2", properties))
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, "anybody", "of the tests").build();
        proxy.start();
        return proxy;
    }

    @Override
    public void stop() {
        try {
            if (server != null) {
                server.stop();
            }
        } catch (Exception e) {
            throw new IllegalStateException("The S3 server of the tests did not stop", e);
        }
    }
}
