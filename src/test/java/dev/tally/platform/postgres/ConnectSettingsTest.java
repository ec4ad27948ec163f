package dev.tally.platform.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Properties;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGProperty;

import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.SslMode;

class ConnectSettingsTest {
    private static final String SECRET = "correct-horse";

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "jdbc:postgresql://db.example:6543/tally            | db.example:6543              | tally",
            "jdbc:postgresql://db.example/tally                 | db.example:5432              | tally",
            "jdbc:postgresql://one:1,two:2,three/tally          | one:1,two:2,three:5432       | tally",
            "jdbc:postgresql://[2001:db8::1]:6543/tally         | 2001:db8::1:6543             | tally",
            "jdbc:postgresql:tally                              | localhost:5432               | tally",
            "jdbc:postgresql://db.example/a%20b                 | db.example:5432              | a b",
            "jdbc:postgresql://db.example/                      | db.example:5432              | ops"})
    void takesTheHostsAndTheDatabase(String url, String hosts, String database) {
        ConnectSettings settings = settings(url);

        assertThat(
                String.join(",", settings.hosts().stream().map(host -> host.getHost() + ":" + host.getPort()).toList()))
                .isEqualTo(hosts);
        assertThat(settings.hosts()).allSatisfy(host -> assertThat(host.getDatabase()).isEqualTo(database));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", value = {
            "?ApplicationName=mine           | application_name | mine",
            "?x=y                            | application_name | tally",
            "?options=-c%20work_mem=8MB      | options          | -c work_mem=8MB",
            "?x=y                            | options          | -c statement_timeout=30s",
            "?currentSchema=cdr_data,public  | search_path      | cdr_data,public",
            "?x=y                            | search_path      | -"})
    void takesWhatASessionBeginsWith(String parameters, String name, String value) {
        assertThat(host(parameters).getProperties()).containsAllEntriesOf(
                Map.of("DateStyle", "ISO", "client_encoding", "utf8"));
        assertThat(host(parameters).getProperties().get(name)).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource({
            "'',                    PREFER",
            "?sslmode=disable,      DISABLE",
            "?sslmode=allow,        ALLOW",
            "?sslmode=prefer,       PREFER",
            "?sslmode=require,      REQUIRE",
            "?sslmode=verify-ca,    VERIFY_CA",
            "?sslmode=verify-full,  VERIFY_FULL",
            "?ssl=true,             VERIFY_FULL",
            "?ssl=false,            PREFER"})
    void takesTheModeOfTls(String parameters, SslMode mode) {
        PgConnectOptions host = host(parameters);

        assertThat(host.getSslMode()).isEqualTo(mode);
        boolean verified = mode == SslMode.VERIFY_CA || mode == SslMode.VERIFY_FULL;
        assertThat(host.getTrustOptions() != null).isEqualTo(verified);
        assertThat(host.isTrustAll()).isEqualTo(!verified && mode != SslMode.DISABLE);
        assertThat("HTTPS".equals(host.getHostnameVerificationAlgorithm())).isEqualTo(mode == SslMode.VERIFY_FULL);
    }

    @Test
    void takesTheTimes() {
        PgConnectOptions host = host("?connectTimeout=7&socketTimeout=9&tcpKeepAlive=true");

        assertThat(host.getConnectTimeout()).isEqualTo(7_000);
        assertThat(host.getIdleTimeout()).isEqualTo(9);
        assertThat(host.isTcpKeepAlive()).isTrue();
        assertThat(host("?connectTimeout=0").getConnectTimeout()).isPositive();
    }

    @ParameterizedTest
    @CsvSource({"any, ANY", "primary, PRIMARY", "master, PRIMARY", "secondary, SECONDARY", "slave, SECONDARY",
            "preferPrimary, PREFER_PRIMARY", "preferSecondary, PREFER_SECONDARY", "preferSlave, PREFER_SECONDARY"})
    void takesTheKindOfServer(String type, ConnectSettings.Target target) {
        assertThat(settings("jdbc:postgresql://a,b/tally?targetServerType=" + type).target()).isEqualTo(target);
    }

    @Test
    void takesTheUserAndThePasswordAndShowsNone() {
        ConnectSettings settings = settings("jdbc:postgresql://db.example/tally?user=other");

        assertThat(settings.hosts().getFirst().getUser()).isEqualTo("other");
        assertThat(settings.hosts().getFirst().getPassword()).isEqualTo(SECRET);
        assertThat(settings.toString() + settings.hosts()).doesNotContain(SECRET);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sslfactory=org.example.Factory", "socketFactory=org.example.Factory",
            "authenticationPluginClassName=org.example.Plugin", "sslhostnameverifier=org.example.Verifier",
            "sslpasswordcallback=org.example.Callback", "channelBinding=require", "gssEncMode=require",
            "sslNegotiation=direct", "useSpnego=true"})
    void namesWhatOnlyTheOtherDriverCanDo(String parameter) {
        assertThat(ConnectSettings.faultOf("jdbc:postgresql://db.example/tally?" + parameter)).get().asString()
                .contains("POSTGRES_URL", parameter.replaceAll("=org.*", "")).doesNotContain("db.example", "\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdbc:postgresql://db.example", "jdbc:postgresql://db.example:none/tally",
            "jdbc:postgresql://db.example/tally?sslmode=always", "jdbc:postgresql://db.example/tally?connectTimeout=x",
            "jdbc:postgresql://db.example/tally?targetServerType=x"})
    void saysThatAUrlIsWrong(String url) {
        assertThat(ConnectSettings.faultOf(url)).get().asString().startsWith("POSTGRES_URL").doesNotContain("\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"prepareThreshold=0", "gssEncMode=prefer", "channelBinding=prefer",
            "reWriteBatchedInserts=true",
            "loggerLevel=OFF", "sslNegotiation=postgres", "hostRecheckSeconds=2"})
    void leavesAloneWhatDoesNotConcernIt(String parameter) {
        assertThat(ConnectSettings.faultOf("jdbc:postgresql://db.example/tally?" + parameter)).isEmpty();
    }

    @Test
    void doesNotQuoteAUrlThatItRefuses() {
        assertThatThrownBy(() -> settings("jdbc:postgresql://" + SECRET)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining(SECRET);
    }

    private static PgConnectOptions host(String parameters) {
        List<PgConnectOptions> hosts = settings("jdbc:postgresql://db.example/tally" + parameters).hosts();
        assertThat(hosts).hasSize(1);
        return hosts.getFirst();
    }

    private static ConnectSettings settings(String url) {
        Properties defaults = new Properties();
        PGProperty.USER.set(defaults, "ops");
        PGProperty.PASSWORD.set(defaults, SECRET);
        PGProperty.APPLICATION_NAME.set(defaults, "tally");
        PGProperty.OPTIONS.set(defaults, "-c statement_timeout=30s");
        return ConnectSettings.of(url, defaults);
    }
}
