package dev.tally.analytics;

import java.util.Optional;

import jakarta.inject.Inject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

import dev.tally.local.BucketStore;
import dev.tally.platform.clickhouse.ClickHouseGateway;
import dev.tally.testsupport.ClickHouseForTests;
import dev.tally.testsupport.NeedsClickHouse;
import dev.tally.testsupport.S3ForTests;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.test.junit.QuarkusTest;

/** Several servers that read together by s3Cluster: here two shards that are one server, which shares the objects out. */
@QuarkusTest
@NeedsClickHouse
@Timeout(120)
class ClusterEngineTest implements EngineSuite {
    private final BucketStore bucket = S3ForTests.samples();
    private final TestObjects objects = new TestObjects(bucket::put);
    private final ObviousEngine obvious = new ObviousEngine(objects::content, ',', MAX_GROUPS);

    @Inject
    ClickHouseGateway clickHouse;

    @Inject
    PushdownConfig config;

    @Override
    public TestObjects objects() {
        return objects;
    }

    @Override
    public Engine engine() {
        return new ClickHouseEngine(new PushdownQueries(clickHouse, new OnCluster(config)), obvious::header, objects,
                obvious, new Pushdown.Bounds(MAX_GROUPS, 1 << 20, 3), 4, new SimpleMeterRegistry());
    }

    @AfterEach
    void tidyUp() {
        objects.keys().forEach(bucket::delete);
    }

    private record OnCluster(PushdownConfig others) implements PushdownConfig {
        @Override
        public String namedCollection() {
            return others.namedCollection();
        }

        @Override
        public Optional<String> cluster() {
            return Optional.of(ClickHouseForTests.CLUSTER);
        }

        @Override
        public int maxObjectsPerQuery() {
            return others.maxObjectsPerQuery();
        }

        @Override
        public int headerThreads() {
            return others.headerThreads();
        }
    }
}
