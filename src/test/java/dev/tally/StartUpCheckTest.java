package dev.tally;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tally.local.LocalPostgres;
import dev.tally.testsupport.ScratchDatabase;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;

class StartUpCheckTest {
    private static final String PASSWORD = "correct-horse";

    @Test
    void findsNothingWrongWithAUrl() {
        assertThat(StartUpCheck.urlFault(config("jdbc:postgresql://db.example/tally?sslmode=verify-full"))).isEmpty();
    }

    @Test
    void namesTheVariableThatIsMissing() {
        assertThat(StartUpCheck.urlFault(new SmallRyeConfigBuilder().build())).get().asString()
                .startsWith("POSTGRES_URL is not set.");
    }

    @Test
    void takesAnEmptyUrlForNone() {
        assertThat(StartUpCheck.urlFault(config(""))).get().asString().startsWith("POSTGRES_URL is not set.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgres://db.example/tally", "jdbc:mysql://db.example/tally", "db.example"})
    void saysHowAUrlBegins(String url) {
        assertThat(StartUpCheck.urlFault(config(url))).get().asString()
                .startsWith("POSTGRES_URL does not start with jdbc:postgresql:");
    }

    @ParameterizedTest
    @ValueSource(strings = {"?password=", "?user=a&password=", "?PASSWORD="})
    void wantsNoPasswordInTheUrl(String query) {
        Optional<String> fault = StartUpCheck.urlFault(config("jdbc:postgresql://db.example/tally" + query + PASSWORD));

        assertThat(fault).get().asString().contains("POSTGRES_PASSWORD").doesNotContain(PASSWORD);
    }

    @Test
    void namesWhatOneOfTheDriversCannotDo() {
        assertThat(StartUpCheck.urlFault(config("jdbc:postgresql://db.example/tally?sslfactory=org.example.Factory")))
                .get().asString().contains("POSTGRES_URL", "sslfactory").doesNotContain("db.example");
    }

    @Test
    void findsADatabaseThatAnswers() {
        String url = ScratchDatabase.createEmpty("tally_start_up");

        assertThat(StartUpCheck.databaseFault(config(url))).isEmpty();
    }

    @Test
    void saysWhyADatabaseRefuses() {
        String url = ScratchDatabase.createEmpty("tally_start_up").replaceFirst("/[^/]*$", "/no_such_database");

        assertFault(StartUpCheck.databaseFault(config(url)), "database \"no_such_database\" does not exist");
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdbc:postgresql://127.0.0.1:1/tally", "jdbc:postgresql://127.0.0.1:none/tally"})
    void saysWhenThereIsNoDatabase(String url) {
        assertFault(StartUpCheck.databaseFault(config(url)), "127.0.0.1");
    }

    @Test
    @Timeout(30)
    void doesNotWaitForADatabaseThatNeverAnswers() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String url = "jdbc:postgresql://127.0.0.1:" + silent.getLocalPort() + "/tally";

            assertFault(StartUpCheck.databaseFault(config(url)), "attempt");
        }
    }

    private static void assertFault(Optional<String> fault, String reason) {
        assertThat(fault).get().asString().contains("POSTGRES_URL", reason).doesNotContain(PASSWORD, "\n");
    }

    private static SmallRyeConfig config(String url) {
        Map<String, String> properties = new HashMap<>(Map.of(
                "quarkus.datasource.jdbc.url", url,
                "quarkus.datasource.username", LocalPostgres.USER,
                "quarkus.datasource.password", PASSWORD,
                "tally.postgres.max-connect-seconds", "1"));
        return new SmallRyeConfigBuilder().withSources(new PropertiesConfigSource(properties, "test", 100)).build();
    }
}
