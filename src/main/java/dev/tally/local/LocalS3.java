package dev.tally.local;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;

/** A real S3 server over a directory, for dev mode and tests, in this process, on loopback. */
public final class LocalS3 implements AutoCloseable {
    /** The bucket of the {@link SampleFiles}. */
    public static final String SAMPLES = "tally-samples";

    private static final String ACCESS_KEY_ID = "anybody";
    private static final String SECRET_ACCESS_KEY = "of this machine";

    private final S3Proxy server;
    private final Path directory;

    private LocalS3(S3Proxy server, Path directory) {
        this.server = server;
        this.directory = directory;
    }

    /**
     * @param directory of the buckets; made when it is not there
     * @param port 0 for any free one
     */
    public static LocalS3 start(Path directory, int port) {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        // Its threads inherit this one, and outlive the classes of the application that live reload replaces.
        thread.setContextClassLoader(S3Proxy.class.getClassLoader());
        try {
            Files.createDirectories(directory);
            S3Proxy server = S3Proxy.builder().blobStore(BucketStore.objectsIn(directory))
                    .endpoint(URI.create("http://127.0.0.1:" + port))
                    .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, ACCESS_KEY_ID, SECRET_ACCESS_KEY).build();
            server.start();
            return new LocalS3(server, directory);
        } catch (Exception e) {
            throw new IllegalStateException("The local S3 did not start", e);
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    public int port() {
        return server.getPort();
    }

    public String url() {
        return url(port());
    }

    /** A bucket, which is made if it is not there. */
    public BucketStore bucket(String name) {
        return BucketStore.open(directory, name);
    }

    /** How another server reaches a bucket of the local S3 on this port. */
    public static BucketAccess access(int port, String bucket) {
        return new BucketAccess(url(port) + "/" + bucket + "/", ACCESS_KEY_ID, SECRET_ACCESS_KEY);
    }

    /** What the application is configured with to work with it. */
    public Map<String, String> settings() {
        return Map.of(
                "quarkus.s3.endpoint-override", url(),
                "quarkus.s3.path-style-access", "true",
                "quarkus.s3.aws.credentials.type", "static",
                "quarkus.s3.aws.credentials.static-provider.access-key-id", ACCESS_KEY_ID,
                "quarkus.s3.aws.credentials.static-provider.secret-access-key", SECRET_ACCESS_KEY);
    }

    private static String url(int port) {
        return "http://127.0.0.1:" + port;
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("The local S3 did not stop", e);
        }
    }
}
