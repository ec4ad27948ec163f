package dev.tally.local;

import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.Bucket;
import software.amazon.awssdk.services.s3.model.S3Object;

/** A bucket for samples in an S3 store that is reached over HTTP. Who we are there comes from AWS's usual variables. */
final class SampleStore implements AutoCloseable {
    private final S3Client client;
    private final String bucket;

    private SampleStore(S3Client client, String bucket) {
        this.client = client;
        this.bucket = bucket;
    }

    /** Opens it, and makes it if it is not there. */
    static SampleStore open(URI endpoint, String bucket) {
        S3Client client = S3Client.builder().endpointOverride(endpoint).forcePathStyle(true).region(Region.US_EAST_1)
                .httpClientBuilder(UrlConnectionHttpClient.builder()).build();
        if (client.listBuckets().buckets().stream().map(Bucket::name).noneMatch(bucket::equals)) {
            client.createBucket(request -> request.bucket(bucket));
        }
        return new SampleStore(client, bucket);
    }

    /** Puts the objects that are not there: what is there keeps its ETag and its age. */
    void putMissing(Map<String, byte[]> objects) {
        Set<String> there = client.listObjectsV2(request -> request.bucket(bucket)).contents().stream()
                .map(S3Object::key).collect(Collectors.toSet());
        objects.forEach((key, content) -> {
            if (!there.contains(key)) {
                client.putObject(request -> request.bucket(bucket).key(key).contentType("text/csv"),
                        RequestBody.fromBytes(content));
            }
        });
    }

    @Override
    public void close() {
        client.close();
    }
}
