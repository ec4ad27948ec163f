package dev.tally.platform.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What is in the files. That their statements are good for a single server, ClickHouse itself says in other tests. */
class MigrationTest {
    static final List<String> FILES = ClickHouseMigrator.FILES;
    private static final Pattern COLUMNS = Pattern.compile("\\n\\((.*?)\\n\\)", Pattern.DOTALL);

    @ParameterizedTest
    @FieldSource("FILES")
    void makeTheSameOnAllServersOfACluster(String file) {
        Migration one = Migration.read(Migration.OF_ONE_SERVER, file);
        Migration cluster = Migration.read(Migration.OF_A_CLUSTER, file);

        List<String> statements = cluster.statements(Optional.of("many"), "tally");
        assertThat(cluster.version()).isEqualTo(one.version());
        assertThat(cluster.checksum()).isNotEqualTo(one.checksum());
        assertThat(statements).isNotEmpty().allSatisfy(
                statement -> assertThat(statement).contains("ON CLUSTER 'many'").doesNotContain("${"));
        assertThat(columns(statements.getFirst()))
                .isEqualTo(columns(one.statements(Optional.empty(), "tally").getFirst()));
    }

    private static String columns(String statement) {
        var columns = COLUMNS.matcher(statement);
        assertThat(columns.find()).isTrue();
        return columns.group(1);
    }
}
