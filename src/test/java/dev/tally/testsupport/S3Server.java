package dev.tally.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

import dev.tally.local.BucketAccess;
import dev.tally.local.BucketStore;
import dev.tally.local.LocalS3;

/** A real S3 server over a directory, for tests without Quarkus. Its one user is {@link #USER}. */
public final class S3Server implements AutoCloseable {
    public static final String BUCKET = "datasets";
    private static final BucketAccess ACCESS = LocalS3.access(0, BUCKET);
    public static final String USER = ACCESS.accessKeyId();
    public static final String SECRET = ACCESS.secretAccessKey();

    private final LocalS3 server;

    private S3Server(LocalS3 server) {
        this.server = server;
    }

    /** Starts one with an empty bucket. */
    public static S3Server start() {
        try {
            Path directory = Files.createTempDirectory(Files.createDirectories(Path.of("target")), "s3-");
            LocalS3 server = LocalS3.start(directory.toAbsolutePath(), 0);
            BucketStore unused = server.bucket(BUCKET);
            return new S3Server(server);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public URI uri() {
        return URI.create(server.url());
    }

    @Override
    public void close() {
        server.close();
    }
}
