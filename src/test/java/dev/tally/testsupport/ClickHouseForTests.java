package dev.tally.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

import org.jboss.logging.Logger;

import dev.tally.local.ClickHouseLibrary;
import dev.tally.local.ClusterMember;
import dev.tally.local.LocalClickHouse;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;

/**
 * A real ClickHouse for the application under test, one for each JVM, which ends with it. Its named collection leads to
 * the bucket of the sample files. Tests that need it are {@link NeedsClickHouse}.
 */
public final class ClickHouseForTests implements QuarkusTestResourceLifecycleManager {
    /** A cluster of two shards, each of which is this server. */
    public static final String CLUSTER = "of_itself";

    private static final Logger LOG = Logger.getLogger(ClickHouseForTests.class);
    // System properties, because this class is loaded once more for the tests themselves.
    private static final String URL = "tally.test.clickhouse-url";
    private static final String PASSWORD = "tally.test.clickhouse-password";

    /** Of its HTTP interface. */
    public static String url() {
        return Objects.requireNonNull(System.getProperty(URL));
    }

    /** Runs a statement as the application's user and gives the answer, tab-separated. */
    public static String query(String sql) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url()))
                .header("X-ClickHouse-User", LocalClickHouse.USER)
                .header("X-ClickHouse-Key", Objects.requireNonNull(System.getProperty(PASSWORD)))
                .POST(HttpRequest.BodyPublishers.ofString(sql)).build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new AssertionError(response.body());
            }
            return response.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted in a query of the tests", e);
        }
    }

    /** After the S3 server, whose port its configuration holds. */
    @Override
    public int order() {
        return 1;
    }

    @Override
    public Map<String, String> start() {
        if (System.getProperty(URL) == null) {
            ClickHouseLibrary.Search search = ClickHouseLibrary.ofUser().find();
            if (search.library().isEmpty()) {
                return without(search.reason());
            }
            startServer(search.library().get());
        }
        return LocalClickHouse.settings(url(), Objects.requireNonNull(System.getProperty(PASSWORD)));
    }

    @SuppressWarnings("resource") // It ends with this JVM, so that the next application under test finds it warm.
    private static void startServer(Path library) {
        int port = freePort();
        List<Integer> ports = List.of(port, port);
        LocalClickHouse server = LocalClickHouse.start(library, Path.of("target", "clickhouse"),
                Optional.of(S3ForTests.accessToSamples()), Optional.of(new ClusterMember(CLUSTER, 0, ports)));
        System.setProperty(URL, server.url());
        System.setProperty(PASSWORD, server.password());
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> without(String reason) {
        if (NeedsClickHouse.Condition.isCi()) {
            throw new IllegalStateException(reason);
        }
        LOG.warn("##################################################################");
        LOG.warnf("# %s", reason);
        LOG.warn("# THE TESTS THAT NEED IT ARE SKIPPED. In CI they would fail.");
        LOG.warn("##################################################################");
        return Map.of();
    }

    @Override
    public void stop() {
        // See startServer.
    }
}
