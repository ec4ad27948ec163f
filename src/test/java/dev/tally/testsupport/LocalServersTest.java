package dev.tally.testsupport;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;

import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;

import dev.tally.local.BucketStore;
import dev.tally.local.SampleFiles;
import io.quarkus.test.junit.QuarkusTest;

/** That the servers around the application under test know of each other. */
@QuarkusTest
@NeedsClickHouse
class LocalServersTest {
    @Test
    void clickHouseReadsTheSampleFilesFromS3() {
        String counts = ClickHouseForTests.query("SELECT service_name, count() FROM s3(tally_s3, filename = '"
                + SampleFiles.AUDITS + "/part-*', format = 'CSVWithNames') GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 3");

        assertThat(counts).isEqualTo("payment_service\t342\nuser_authentication\t298\nclaims_api\t187\n");
    }

    @Test
    void clickHouseSeesWhatATestPutsReplacesAndDeletes() {
        BucketStore samples = S3ForTests.samples();
        samples.put("prueba/a.csv", "n\n1\n".getBytes(StandardCharsets.UTF_8));
        samples.put("prueba/b.csv", "n\n10\n".getBytes(StandardCharsets.UTF_8));
        samples.put("prueba/a.csv", "n\n2\n".getBytes(StandardCharsets.UTF_8));
        samples.put("prueba/c.csv", "n\n100\n".getBytes(StandardCharsets.UTF_8));
        samples.delete("prueba/c.csv");

        String sum = ClickHouseForTests
                .query("SELECT sum(n) FROM s3(tally_s3, filename = 'prueba/*.csv', format = 'CSVWithNames')");

        assertThat(sum).isEqualTo("12\n");
    }

    @Test
    void theApplicationIsConfiguredWithThem() {
        Config config = ConfigProvider.getConfig();

        assertThat(ClickHouseForTests.url())
                .isEqualTo("http://" + config.getValue("tally.clickhouse.host", String.class)
                        + ":" + config.getValue("tally.clickhouse.port", String.class));
        assertThat(config.getValue("tally.analytics.bucket", String.class)).isEqualTo("tally-samples");
    }
}
