package dev.tally.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComposeRulesTest {
    private static final Path FILE = Path.of("src/main/docker/compose.yaml");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z][A-Z0-9_]+)[:}]");
    private static final Pattern DOCUMENTED = Pattern.compile("`([A-Z][A-Z0-9]+(?:_[A-Z0-9]+)+)`");

    @Test
    void findNothingInOurs() throws IOException {
        assertThat(ComposeRules.faults(ComposeFile.read(FILE), variablesOfTally())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                                                                  read_only: true                 | read_only: false             | postgres may write to its root file system
                                                                  cap_drop: [ALL]                 | cap_drop: [NET_RAW]          | postgres has capabilities
                                                                  "no-new-privileges:true"        | "seccomp=unconfined"         | postgres may get new privileges
                                                                  user: "999:999"                 | user: postgres               | postgres may be root
                                                                  user: "999:999"                 | user: "0:0"                  | postgres may be root
                                                                  postgres:18.6-trixie            | postgres                     | postgres has an image that is not pinned
                                                                  postgres:18.6-trixie            | postgres:latest              | postgres has an image that is not pinned
                                                                  127.0.0.1:8080:8080             | 8080:8080                    | tally is open to others on 8080:8080
                                                                  test: [CMD, pg_isready          | disable: [CMD, pg_isready    | postgres.healthcheck.disable is no key of the specification
                                                                  shm_size: 256m                  | shm-size: 256m               | postgres.shm-size is no key of the specification
                                                                  memory: 3g                      | mem: 3g                      | clickhouse has no limit of memory
                                                                  S3_PATH_STYLE                   | S3_STYLE                     | tally is given S3_STYLE, which Tally does not know
                                                                  source: clickhouse-users        | source: users-of-clickhouse  | clickhouse mounts users-of-clickhouse, which is not there
                                                                  gcore: { condition              | gcor: { condition            | tally waits in vain for gcor
                                                                  migrate: { condition: service_completed_successfully } | migrate: { condition: service_healthy } | tally waits in vain for migrate
                                                                  s3: { condition: service_healthy } | s3: { condition: service_completed_successfully } | tally waits in vain for s3
                                                                  Dockerfile.${TALLY_FORM:-jvm}   | Dockerfile.${TALLY_FORM:-uber} | tally has no src/main/docker/Dockerfile.uber
                                                                  name: tally                     | nam: tally                   | nam is no key of the specification
                                                                  """)
    void findWhatIsPlanted(String good, String bad, String fault) throws IOException {
        String text = Files.readString(FILE);
        assertThat(text).contains(good);

        Set<String> faults = ComposeRules.faults(ComposeFile.parse(text.replace(good, bad)), variablesOfTally());

        assertThat(faults).contains(fault);
    }

    @Test
    void wantAHealthCheckOfWhatStays() throws IOException {
        String text = Files.readString(FILE).replaceAll("(?s)    healthcheck:\\n.*?    restart", "    restart");

        assertThat(ComposeRules.faults(ComposeFile.parse(text), variablesOfTally())).contains(
                "gcore has no health check", "postgres has no health check", "clickhouse has no health check",
                "s3 has no health check", "tally waits in vain for gcore", "migrate waits in vain for postgres");
    }

    @Test
    void refuseAKeyThatIsThereTwice() throws IOException {
        String text = Files.readString(FILE).replace("shm_size: 256m", "user: \"1:1\"");

        assertThatThrownBy(() -> ComposeFile.parse(text)).hasMessageContaining("duplicate key");
    }

    /** Those that application.properties reads, its properties as variables, and what docs/operations.md names. */
    private static Set<String> variablesOfTally() throws IOException {
        Path file = Path.of("src/main/resources/application.properties");
        Set<String> variables = new TreeSet<>();
        VARIABLE.matcher(Files.readString(file)).results().forEach(match -> variables.add(match.group(1)));
        DOCUMENTED.matcher(Files.readString(Path.of("docs/operations.md"))).results()
                .forEach(match -> variables.add(match.group(1)));
        Properties properties = new Properties();
        try (var reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        }
        properties.stringPropertyNames()
                .forEach(name -> variables.add(name.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT)));
        return variables;
    }
}
