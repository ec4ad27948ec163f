package dev.tally.reports;

import java.io.InputStream;
import java.nio.file.Path;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;

import dev.tally.platform.tracing.Spans;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;

/** Keeps rows of parts as objects in S3. The client is made when it is first needed. */
@ApplicationScoped
class ResultStore {
    private final Instance<S3Client> client;
    private final ReportsConfig config;

    ResultStore(Instance<S3Client> client, ReportsConfig config) {
        this.client = client;
        this.config = config;
    }

    boolean isConfigured() {
        return config.results().s3Bucket().isPresent();
    }

    /** Gives the key of the new object. */
    String put(String name, Path file) {
        String key = config.results().s3Prefix() + name;
        PutObjectResponse unused = Spans.call("s3", "put",
                () -> client.get().putObject(put -> put.bucket(bucket()).key(key), RequestBody.fromFile(file)));
        return key;
    }

    /** To be closed by the caller, who may read it for as long as it likes. */
    InputStream open(String key) {
        return Spans.call("s3", "get", () -> client.get().getObject(get -> get.bucket(bucket()).key(key)));
    }

    /** Removes it if it is there. */
    void remove(String key) {
        DeleteObjectResponse unused = Spans.call("s3", "delete",
                () -> client.get().deleteObject(delete -> delete.bucket(bucket()).key(key)));
    }

    private String bucket() {
        return config.results().s3Bucket()
                .orElseThrow(() -> new IllegalStateException("There is no bucket configured for reports"));
    }
}
