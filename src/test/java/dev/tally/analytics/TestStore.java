package dev.tally.analytics;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.tally.testsupport.FaultProxy;
import dev.tally.testsupport.S3Server;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** A store behind a proxy that breaks connections, with a client such as Quarkus makes. */
final class TestStore implements AutoCloseable {
    private static final int MAX_PUTS = 5;
    private static final AwsCredentials USER = AwsBasicCredentials.create(S3Server.USER, S3Server.SECRET);

    final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    final FaultProxy proxy;
    private final S3Server server = S3Server.start();
    private final S3Client direct = client(server.uri(), USER, StoreConfigForTests.SMALL.withMaxSilenceMillis(20_000));

    TestStore() {
        proxy = FaultProxy.before(server.uri());
    }

    AnalyticsStore with(StoreConfig config) {
        return with(config, USER);
    }

    AnalyticsStore with(StoreConfig config, AwsCredentials credentials) {
        S3Client client = client(proxy.uri(), credentials, config);
        return new AnalyticsStore(new ObjectStore(() -> client, config, registry), config);
    }

    AnalyticsStore with(StoreConfig config, URI endpoint) {
        S3Client client = client(endpoint, USER, config);
        return new AnalyticsStore(new ObjectStore(() -> client, config, registry), config);
    }

    private static S3Client client(URI endpoint, AwsCredentials credentials, StoreConfig config) {
        return S3Client.builder().endpointOverride(endpoint).forcePathStyle(true).region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(credentials))
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(Duration.ofMillis(config.maxConnectMillis()))
                        .socketTimeout(Duration.ofMillis(config.maxSilenceMillis())))
                .build();
    }

    void put(String key, byte[] bytes) {
        for (int tries = 1;; tries++) {
            try {
                direct.putObject(put -> put.bucket(S3Server.BUCKET).key(key), RequestBody.fromBytes(bytes));
                return;
            } catch (UncheckedIOException e) {
                // The server has closed an idle connection; for a PUT neither Java nor the client tries another one.
                if (tries == MAX_PUTS) {
                    throw e;
                }
            }
        }
    }

    void put(String key, String text) {
        put(key, text.getBytes(StandardCharsets.UTF_8));
    }

    void remove(String key) {
        direct.deleteObject(delete -> delete.bucket(S3Server.BUCKET).key(key));
    }

    /** How many requests of this kind ended so. */
    long requests(String operation, String outcome) {
        return Optional.ofNullable(registry.find("tally.analytics.store.requests")
                .tags("operation", operation, "outcome", outcome).timer()).map(timer -> timer.count()).orElse(0L);
    }

    static Dataset dataset(String key) {
        return dataset(S3Server.BUCKET, key);
    }

    static Dataset dataset(String bucket, String key) {
        return new Dataset("claims", bucket, key, EngineKind.EMBEDDED, StandardCharsets.UTF_8, Optional.empty(),
                false, Map.of());
    }

    static List<String> keys(List<StoredObject> objects) {
        return objects.stream().map(StoredObject::key).toList();
    }

    @Override
    public void close() throws IOException {
        proxy.close();
        direct.close();
        server.close();
    }
}
