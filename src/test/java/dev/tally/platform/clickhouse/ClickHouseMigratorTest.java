package dev.tally.platform.clickhouse;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import jakarta.inject.Inject;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import dev.tally.testsupport.ClickHouseForTests;
import dev.tally.testsupport.NeedsClickHouse;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.test.junit.QuarkusTest;

@QuarkusTest
@NeedsClickHouse
class ClickHouseMigratorTest {
    private static final String FIRST = "-- A comment; and more of it\nCREATE TABLE IF NOT EXISTS a (x UInt8)"
            + " ENGINE = MergeTree ORDER BY x;\nINSERT INTO a SELECT 1;\n";
    private static final Migration ONE = Migration.of("V1__one.sql", FIRST.getBytes(UTF_8));
    private static final Migration TWO = Migration.of("V2__two.sql",
            "INSERT INTO a\nVALUES (2)".getBytes(UTF_8));

    @Inject
    ClickHouseConfig configured;

    @Inject
    MigrationQueries lock;

    private ClickHouseGateway gateway;

    @BeforeEach
    void start() {
        gateway = new ClickHouseGateway(new ScratchConfig(configured, "migrated"), new SimpleMeterRegistry());
    }

    @AfterEach
    void stop() {
        gateway.close();
        ClickHouseForTests.query("DROP DATABASE IF EXISTS migrated SYNC");
    }

    private void migrate(Migration... migrations) {
        new ClickHouseMigrator(gateway, lock, List.of(migrations)).migrate();
    }

    private static String rows() {
        return ClickHouseForTests.query("SELECT groupArray(x) FROM (SELECT x FROM migrated.a ORDER BY x)").strip();
    }

    @Test
    void makesWhatIsMissingOnce() {
        migrate(ONE);
        migrate(ONE);
        migrate(ONE, TWO);

        assertThat(rows()).isEqualTo("[1,2]");
    }

    @Test
    void makesEachOnceWhenManyMigrateAtOnce() {
        List<CompletableFuture<Void>> all = IntStream.range(0, 4)
                .mapToObj(i -> CompletableFuture.runAsync(() -> migrate(ONE, TWO), Thread.ofPlatform()::start))
                .toList();
        all.forEach(CompletableFuture::join);

        assertThat(rows()).isEqualTo("[1,2]");
    }

    @Test
    void refusesWhatWasChangedAfterItWasMade() {
        migrate(ONE);
        Migration changed = Migration.of("V1__one.sql", (FIRST + " ").getBytes(UTF_8));

        assertThatThrownBy(() -> migrate(changed, TWO)).isInstanceOf(MigrationException.class)
                .hasMessageContaining("V1__one.sql is not what it was");
        assertThat(rows()).isEqualTo("[1]");
    }

    @Test
    void refusesADatabaseOfALaterApplication() {
        migrate(ONE, TWO);

        assertThatThrownBy(() -> migrate(ONE)).isInstanceOf(MigrationException.class)
                .hasMessageContaining("at version 2");
    }

    @Test
    void goesOnWhereItFailed() {
        Migration broken = Migration.of("V2__two.sql", "INSERT INTO no_such_table VALUES (1)".getBytes(UTF_8));
        assertThatThrownBy(() -> migrate(ONE, broken)).isInstanceOf(MigrationException.class)
                .hasMessageContaining("no_such_table");

        migrate(ONE, TWO);

        assertThat(rows()).isEqualTo("[1,2]");
    }

    @Test
    void hasEveryFileThatIsThere() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/main/resources/clickhouse/migration"))) {
            assertThat(files.map(file -> file.getFileName().toString()).sorted().toList())
                    .isEqualTo(ClickHouseMigrator.FILES);
        }
    }

    /** The same ClickHouse, with tables in another database. */
    private record ScratchConfig(ClickHouseConfig others, String database) implements ClickHouseConfig {
        @Override
        public Optional<String> host() {
            return others.host();
        }

        @Override
        public int port() {
            return others.port();
        }

        @Override
        public boolean secure() {
            return others.secure();
        }

        @Override
        public Optional<String> cluster() {
            return Optional.empty();
        }

        @Override
        public boolean migrateAtStart() {
            return false;
        }

        @Override
        public Optional<String> username() {
            return others.username();
        }

        @Override
        public Optional<String> password() {
            return others.password();
        }

        @Override
        public int connectTimeoutMillis() {
            return others.connectTimeoutMillis();
        }

        @Override
        public int maxQuerySeconds() {
            return others.maxQuerySeconds();
        }

        @Override
        public int maxMigrationSeconds() {
            return others.maxMigrationSeconds();
        }

        @Override
        public long maxMemoryBytes() {
            return others.maxMemoryBytes();
        }

        @Override
        public int maxAnswerBytes() {
            return others.maxAnswerBytes();
        }

        @Override
        public int maxConcurrentQueries() {
            return others.maxConcurrentQueries();
        }
    }
}
