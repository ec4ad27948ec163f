package dev.tally.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.tally.testsupport.NeedsClickHouse;

@NeedsClickHouse
class LocalClickHouseTest {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final Path directory;
    private final LocalS3 s3;
    private LocalClickHouse server;

    LocalClickHouseTest(@TempDir Path directory) {
        this.directory = directory;
        s3 = LocalS3.start(directory.resolve("s3"), 0);
        s3.bucket(LocalS3.SAMPLES).put("figuras.csv", "año,monto\n2024,1\n2025,2\n".getBytes(StandardCharsets.UTF_8));
        server = start(directory, s3);
    }

    @AfterEach
    void stop() {
        server.close();
        s3.close();
    }

    @Test
    void answersItsUserOnly() throws Exception {
        assertThat(query("SELECT currentUser()")).isEqualTo("tally\n");
        assertThat(send("tally", "wrong", "SELECT 1").statusCode()).isEqualTo(403);
    }

    @Test
    void letsTheUserWithoutPasswordSeeNothing() throws Exception {
        assertThat(send("default", "", "SELECT * FROM file('/etc/hostname', 'LineAsString')").body())
                .contains("ACCESS_DENIED");
        assertThat(send("default", "", "SELECT * FROM s3(tally_s3, filename = 'figuras.csv')").body())
                .contains("ACCESS_DENIED");
        assertThat(send("default", "", "CREATE DATABASE theirs").body()).contains("ACCESS_DENIED");
    }

    @Test
    void readsTheBucketByItsNamedCollection() throws Exception {
        assertThat(query("SELECT sum(monto) FROM s3(tally_s3, filename = 'figuras.csv', format = 'CSVWithNames')"))
                .isEqualTo("3\n");
    }

    @Test
    void keepsItsDataOverAStart() throws Exception {
        query("CREATE DATABASE kept ENGINE = Atomic");
        query("CREATE TABLE kept.numbers (n UInt32) ENGINE = MergeTree ORDER BY n");
        query("INSERT INTO kept.numbers VALUES (1), (2)");
        String passwordBefore = server.password();

        server.close();
        server = start(directory, s3);

        assertThat(query("SELECT sum(n) FROM kept.numbers")).isEqualTo("3\n");
        assertThat(server.password()).isNotEqualTo(passwordBefore);
    }

    @Test
    void waitsForAnEarlierOneThatIsStillEnding() throws Exception {
        query("CREATE DATABASE kept ENGINE = Atomic");
        Thread ending = Thread.ofVirtual().start(server::close);

        server = start(directory, s3);

        ending.join();
        assertThat(query("SELECT count() FROM system.databases WHERE name = 'kept'")).isEqualTo("1\n");
    }

    @Test
    void isGoneWhenItIsClosed() {
        server.close();

        assertThatThrownBy(() -> query("SELECT 1")).isInstanceOf(ConnectException.class);
    }

    @Test
    void keepsWhatIsSecretToItsOwner() throws IOException {
        Path files = directory.resolve("clickhouse");

        for (String secret : new String[]{"config.xml", "users.xml", "password"}) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(files.resolve(secret))))
                    .isEqualTo("rw-------");
        }
        assertThat(files.resolve("users.xml")).content().doesNotContain(server.password());
    }

    private static LocalClickHouse start(Path directory, LocalS3 s3) {
        Path library = ClickHouseLibrary.ofUser().find().library().orElseThrow();
        return LocalClickHouse.start(library, directory.resolve("clickhouse"),
                Optional.of(LocalS3.access(s3.port(), LocalS3.SAMPLES)));
    }

    private String query(String sql) throws IOException, InterruptedException {
        HttpResponse<String> response = send(LocalClickHouse.USER, server.password(), sql);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return response.body();
    }

    private HttpResponse<String> send(String user, String password, String sql)
            throws IOException, InterruptedException {
        return CLIENT.send(HttpRequest.newBuilder(URI.create(server.url())).header("X-ClickHouse-User", user)
                .header("X-ClickHouse-Key", password).POST(HttpRequest.BodyPublishers.ofString(sql)).build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
