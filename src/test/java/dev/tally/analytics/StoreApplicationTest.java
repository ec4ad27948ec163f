package dev.tally.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import jakarta.inject.Inject;

import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

import dev.tally.testsupport.Fault;
import dev.tally.testsupport.FaultProxy;
import dev.tally.testsupport.S3ForTests;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.endpoints.Endpoint;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.endpoints.S3EndpointProvider;

/** The store as the application has it. */
@QuarkusTest
@TestProfile(StoreApplicationTest.Impatient.class)
class StoreApplicationTest {
    private static final String CLIENT = "quarkus.s3.sync-client.";

    @Inject
    AnalyticsStore store;

    @Inject
    StoreConfig config;

    @Inject
    S3Client client;

    public static final class Impatient implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("tally.analytics.store.max-silence-millis", "1500");
        }
    }

    @Test
    void readsAnObject() {
        byte[] bytes = "estado\naprobado\n".getBytes(StandardCharsets.UTF_8);
        client.putObject(put -> put.bucket(S3ForTests.BUCKET).key("store/x.csv"), RequestBody.fromBytes(bytes));
        Dataset dataset = new Dataset("claims", S3ForTests.BUCKET, "store/x.csv", EngineKind.EMBEDDED,
                StandardCharsets.UTF_8, Optional.empty(), false, Map.of());

        List<StoredObject> found = store.find(dataset);
        try (ObjectParts parts = store.open(found.getFirst(), 7, _ -> {})) {
            assertThat(ObjectPartsTest.read(parts)).isEqualTo("aprobado\n".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(store.head(found.getFirst(), 6)).isEqualTo("estado".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void givesTheClientItsTimeOuts() throws IOException {
        Config all = ConfigProvider.getConfig();
        assertThat(all.getValue(CLIENT + "socket-timeout", Duration.class)).hasMillis(1500);
        assertThat(all.getValue(CLIENT + "connection-timeout", Duration.class)).hasMillis(5000);
        assertThat(config.maxSilenceMillis()).isEqualTo(1500);
        assertThat(config.partBytes()).isEqualTo(4 << 20);

        URI server = all.getValue("quarkus.s3.endpoint-override", URI.class);
        try (FaultProxy proxy = FaultProxy.before(server)) {
            proxy.plan(100, _ -> true, Fault.hang(0));
            CompletableFuture<Endpoint> there = CompletableFuture
                    .completedFuture(Endpoint.builder().url(proxy.uri()).build());

            Throwable thrown = catchThrowable(() -> client.headBucket(head -> head.bucket("any")
                    .overrideConfiguration(now -> now.endpointProvider((S3EndpointProvider) _ -> there))));

            assertThat(thrown).hasRootCauseInstanceOf(SocketTimeoutException.class);
        }
    }
}
