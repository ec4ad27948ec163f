package dev.tally.analytics;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** What the embedded engine does with an object in S3, with the bounds that it has by default. */
public final class ObjectScan implements AutoCloseable {
    private final S3Client client;
    private final AnalyticsStore store;
    private final EmbeddedEngine engine;

    public ObjectScan(String url, String accessKeyId, String secretAccessKey) {
        client = S3Client.builder().endpointOverride(URI.create(url)).forcePathStyle(true).region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider
                        .create(AwsBasicCredentials.create(accessKeyId, secretAccessKey)))
                .httpClientBuilder(UrlConnectionHttpClient.builder()).build();
        SmallRyeConfig settings = new SmallRyeConfigBuilder().withMapping(AnalyticsConfig.class)
                .withMapping(StoreConfig.class).withDefaultValue("tally.analytics.refresh-every", "off")
                .withDefaultValue("tally.analytics.store.max-connect-millis", "5000")
                .withDefaultValue("tally.analytics.store.max-silence-millis", "20000").build();
        StoreConfig config = settings.getConfigMapping(StoreConfig.class);
        store = new AnalyticsStore(new ObjectStore(() -> client, config, new SimpleMeterRegistry()), config);
        engine = new EmbeddedEngine(store, settings.getConfigMapping(AnalyticsConfig.class), config);
    }

    /** Counts the rows by a column, the most frequent value first. */
    public Map<String, Long> count(String bucket, String key, String column) {
        Metric metric = FileScan.metric(bucket, key, column);
        return FileScan.counts(engine.compute(metric, store.find(metric.dataset()), _ -> {}));
    }

    /** Reads the same parts, and does nothing with them. */
    public long read(String bucket, String key, String column) {
        List<StoredObject> objects = store.find(FileScan.metric(bucket, key, column).dataset());
        long bytes = 0;
        try (ObjectParts parts = store.open(objects.getFirst(), 0, _ -> {})) {
            for (Optional<ObjectParts.Part> part = parts.next(); part.isPresent(); part = parts.next()) {
                bytes += part.get().length();
                part.get().release();
            }
        }
        return bytes;
    }

    @Override
    public void close() {
        client.close();
    }
}
