package dev.tally.reports;

import static dev.tally.testsupport.UsersForTests.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.tally.platform.table.TableFormat;
import dev.tally.testsupport.GcoreForTests;
import dev.tally.testsupport.GcoreSteering;
import dev.tally.testsupport.S3ForTests;
import io.quarkus.test.junit.QuarkusTest;

/** What is too large for PostgreSQL, which is not much here, is kept in S3. */
@QuarkusTest
class LargeReportsTest {
    private static final int ROWS = 30_000;
    private static final int SOME_ROWS = 1_000;

    private final GcoreSteering gcore = GcoreForTests.steering();

    @BeforeEach
    @AfterEach
    void reset() {
        gcore.reset();
    }

    private String completed(int rows) {
        gcore.option("rows", rows);
        return Orders.ofADay().post("cloud").then().statusCode(200).body("count", equalTo(rows)).extract()
                .path("uuid");
    }

    private static List<String> lines(String uuid) {
        return as("viewer").accept(TableFormat.CSV).get("/reports/gcore/" + uuid).then().statusCode(200).extract()
                .asString().lines().toList();
    }

    private static List<String> keysOf(String uuid) {
        return S3ForTests.keys().stream().filter(key -> key.startsWith("reports/" + uuid)).toList();
    }

    @Test
    void keepsWhatIsTooLargeForPostgresInS3() {
        String uuid = completed(ROWS);

        assertThat(keysOf(uuid)).hasSize(1).allMatch(key -> key.endsWith(".csv.gz"));
        List<String> lines = lines(uuid);
        assertThat(lines).hasSize(ROWS + 1);
        assertThat(lines.getLast()).startsWith("829449,SDG Test 2,").endsWith(",129999");
        assertThat(ReportsDatabase.chunks(uuid)).isZero();
    }

    @Test
    void keepsTheOthersInPostgresInPieces() {
        String uuid = completed(SOME_ROWS);

        assertThat(keysOf(uuid)).isEmpty();
        assertThat(ReportsDatabase.chunks(uuid)).isGreaterThan(1);
        assertThat(lines(uuid).stream().skip(1).map(line -> line.substring(line.lastIndexOf(',') + 1)).toList())
                .isEqualTo(IntStream.range(100_000, 100_000 + SOME_ROWS).mapToObj(String::valueOf).toList());
    }
}
