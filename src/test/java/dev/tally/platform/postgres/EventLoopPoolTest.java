package dev.tally.platform.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.tally.platform.problem.DatabaseException;
import dev.tally.testsupport.ScratchDatabase;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;

/** Both drivers reach the same databases in the same way, or both do not. */
@Timeout(60)
class EventLoopPoolTest {
    private static final String NAME = "tally_pool";
    private static final String ALIAS = "server";
    private static final char[] PASSWORD = "password".toCharArray();
    private static final String ENCRYPTED = "SELECT ssl::text FROM pg_stat_ssl WHERE pid = pg_backend_pid()";

    private static String url = "";
    private static Path trusted = Path.of("");
    private static Path stranger = Path.of("");

    @BeforeAll
    static void startTls(@TempDir Path directory) throws Exception {
        url = ScratchDatabase.createEmpty(NAME);
        trusted = certificate(directory, "trusted");
        stranger = certificate(directory, "stranger");
        Path key = Files.writeString(directory.resolve("server.key"), pem("PRIVATE KEY",
                store(directory, "trusted").getKey(ALIAS, PASSWORD).getEncoded()));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        byJdbc(url, "ALTER SYSTEM SET ssl_cert_file = '" + trusted + "'");
        byJdbc(url, "ALTER SYSTEM SET ssl_key_file = '" + key + "'");
        byJdbc(url, "ALTER SYSTEM SET ssl = on");
        byJdbc(url, "SELECT pg_reload_conf()");
        // The server takes it when it comes to it.
        await().atMost(Duration.ofSeconds(30)).ignoreExceptions()
                .until(() -> byJdbc(url + "?sslmode=require", ENCRYPTED).contains("true"));
    }

    @AfterAll
    static void endTls() throws SQLException {
        byJdbc(url, "ALTER SYSTEM RESET ALL");
        byJdbc(url, "SELECT pg_reload_conf()");
    }

    @ParameterizedTest
    @CsvSource({
            "127.0.0.1, sslmode=disable,                          false",
            "127.0.0.1, sslmode=allow,                            false",
            "127.0.0.1, sslmode=prefer,                           true",
            "127.0.0.1, x=y,                                      true",
            "127.0.0.1, sslmode=require,                          true",
            "127.0.0.1, sslmode=verify-ca&sslrootcert=TRUSTED,    true",
            "127.0.0.1, sslmode=verify-full&sslrootcert=TRUSTED,  true",
            "127.0.0.1, ssl=true&sslrootcert=TRUSTED,             true",
            "localhost, sslmode=verify-ca&sslrootcert=TRUSTED,    true",
            "localhost, sslmode=verify-full&sslrootcert=TRUSTED,  refused",
            "127.0.0.1, sslmode=verify-ca&sslrootcert=STRANGER,   refused",
            "127.0.0.1, sslmode=verify-full&sslrootcert=STRANGER, refused",
            "127.0.0.1, sslmode=verify-full&sslrootcert=NOWHERE,  refused"})
    void speaksTlsAsJdbcDoes(String host, String parameters, String encrypted) throws SQLException {
        String asked = url.replace("127.0.0.1", host) + "?" + parameters.replace("TRUSTED", trusted.toString())
                .replace("STRANGER", stranger.toString()).replace("NOWHERE", trusted + ".not");

        if (encrypted.equals("refused")) {
            assertThatThrownBy(() -> byJdbc(asked, ENCRYPTED)).isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> byPool(asked, ENCRYPTED)).hasCauseInstanceOf(DatabaseException.class);
        } else {
            assertThat(byJdbc(asked, ENCRYPTED)).containsExactly(encrypted);
            assertThat(byPool(asked, ENCRYPTED)).containsExactly(encrypted);
        }
    }

    @ParameterizedTest
    @CsvSource({
            "'127.0.0.1:1,HERE', any,             true",
            "'HERE,127.0.0.1:1', any,             true",
            "'127.0.0.1:1,HERE', primary,         true",
            "'127.0.0.1:1,HERE', secondary,       false",
            "'127.0.0.1:1,HERE', preferSecondary, true",
            "'127.0.0.1:1,HERE', preferPrimary,   true",
            "HERE,               secondary,       false",
            "'127.0.0.1:1',      any,             false"})
    void findsTheServerThatJdbcFinds(String hosts, String type, boolean found) throws SQLException {
        String asked = "jdbc:postgresql://" + hosts.replace("HERE", url.replaceAll("^jdbc:postgresql://|/[^/]*$", ""))
                + "/" + NAME + "?targetServerType=" + type;

        if (found) {
            assertThat(byJdbc(asked, "SELECT 'here'")).containsExactly("here");
            assertThat(byPool(asked, "SELECT 'here'")).containsExactly("here");
        } else {
            assertThatThrownBy(() -> byJdbc(asked, "SELECT 'here'")).isInstanceOf(SQLException.class);
            assertThatThrownBy(() -> byPool(asked, "SELECT 'here'")).hasCauseInstanceOf(DatabaseException.class);
        }
    }

    @ParameterizedTest
    @CsvSource({
            "SHOW statement_timeout, options=-c%20statement_timeout=7s",
            "SHOW search_path,       currentSchema=cdr_data",
            "SHOW application_name,  ApplicationName=mine",
            "SHOW application_name,  x=y",
            "SELECT current_user,    x=y",
            "SELECT current_database()::text, x=y"})
    void beginsSessionsAsJdbcDoes(String sql, String parameters) throws SQLException {
        String asked = url + "?" + parameters;

        assertThat(byPool(asked, sql)).isEqualTo(byJdbc(asked, sql));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sslmode=disable", "sslmode=require"})
    void logsInByPassword(String tls) throws SQLException {
        ScratchDatabase.createRoleWithPassword("tally_scram", "none");
        ScratchDatabase.createRoleWithPassword("tally_other", "other");
        String who = "SELECT current_user::text";

        assertThat(byJdbc(url + "?user=tally_scram&" + tls, who)).containsExactly("tally_scram");
        assertThat(byPool(url + "?user=tally_scram&" + tls, who)).containsExactly("tally_scram");
        assertThatThrownBy(() -> byPool(url + "?user=tally_other&" + tls, who))
                .satisfies(fault -> assertThat(fault.getCause()).isInstanceOfSatisfying(DatabaseException.class,
                        refused -> assertThat(refused.hasState("28P01")).isTrue()));
    }

    @Test
    void takesAConnectionThatSaysNothingForDead() {
        String sleeping = "SELECT 'awake' FROM pg_sleep(10)";

        assertThatThrownBy(() -> byPool(url, sleeping)).hasCauseInstanceOf(DatabaseException.class);
        assertThatThrownBy(() -> byJdbc(url + "?socketTimeout=1", sleeping)).isInstanceOf(SQLException.class);
    }

    @Test
    void opensNoConnectionBeforeOneIsAskedFor() throws SQLException {
        EventLoopPool pool = PoolsForTests.of(url + "?ApplicationName=lazy");
        String sessions = "SELECT count(*)::text FROM pg_stat_activity WHERE application_name = 'lazy'";

        assertThat(byJdbc(url, sessions)).containsExactly("0");
        assertThat(PoolsForTests.await(query(pool, sessions))).containsExactly("1");
        pool.close();
        assertThatThrownBy(() -> PoolsForTests.await(query(pool, sessions))).isInstanceOf(CompletionException.class);
    }

    @Test
    void opensNoMoreConnectionsThanItMayAndLetsTheRestWait() {
        EventLoopPool pool = PoolsForTests.of(url + "?ApplicationName=bounded");
        String sql = "SELECT (SELECT count(*) FROM pg_stat_activity WHERE application_name = 'bounded')::text"
                + " FROM pg_sleep(0.05)";

        List<Future<List<String>>> many = IntStream.range(0, 12).mapToObj(i -> query(pool, sql))
                .toList();

        assertThat(many).allSatisfy(
                each -> assertThat(Integer.parseInt(PoolsForTests.await(each).getFirst())).isLessThanOrEqualTo(2));
        pool.close();
    }

    private static List<String> byPool(String jdbcUrl, String sql) {
        EventLoopPool pool = PoolsForTests.of(jdbcUrl);
        try {
            return PoolsForTests.await(query(pool, sql));
        } finally {
            pool.close();
        }
    }

    private static Future<List<String>> query(EventLoopPool pool, String sql) {
        return pool.query(sql, Tuple.tuple(), Collectors.mapping(row -> row.getString(0), Collectors.toList()),
                _ -> {});
    }

    /** The first column, where there is a result. */
    private static List<String> byJdbc(String jdbcUrl, String sql) throws SQLException {
        Properties properties = PoolsForTests.defaults();
        try (Connection connection = DriverManager.getConnection(jdbcUrl, properties);
                Statement statement = connection.createStatement()) {
            List<String> values = new ArrayList<>();
            if (statement.execute(sql)) {
                try (ResultSet result = statement.getResultSet()) {
                    while (result.next()) {
                        values.add(result.getString(1));
                    }
                }
            }
            return values;
        }
    }

    /** Makes a key, and a certificate for 127.0.0.1 that is signed with it; gives the certificate's file. */
    private static Path certificate(Path directory, String name) throws Exception {
        Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair", "-alias", ALIAS, "-keyalg", "EC", "-dname", "CN=" + name, "-ext", "SAN=IP:127.0.0.1",
                "-storetype", "PKCS12", "-keystore", directory.resolve(name + ".p12").toString(), "-storepass",
                new String(PASSWORD)).redirectErrorStream(true).start();
        String output = new String(keytool.getInputStream().readAllBytes(), UTF_8);
        assertThat(keytool.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(keytool.exitValue()).as(output).isZero();
        return Files.writeString(directory.resolve(name + ".crt"),
                pem("CERTIFICATE", store(directory, name).getCertificate(ALIAS).getEncoded()));
    }

    private static KeyStore store(Path directory, String name) throws IOException, GeneralSecurityException {
        return KeyStore.getInstance(directory.resolve(name + ".p12").toFile(), PASSWORD);
    }

    private static String pem(String kind, byte[] bytes) {
        return "-----BEGIN " + kind + "-----\n" + Base64.getMimeEncoder(64, new byte[]{'\n'}).encodeToString(bytes)
                + "\n-----END " + kind + "-----\n";
    }
}
