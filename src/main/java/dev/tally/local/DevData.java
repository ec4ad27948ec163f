package dev.tally.local;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;

import jakarta.enterprise.event.ObservesAsync;
import jakarta.inject.Singleton;

import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.logging.Logger;

import io.quarkus.arc.profile.IfBuildProfile;
import io.quarkus.vertx.http.HttpServerStart;

/** Puts samples into dev mode's own databases, when nothing is there yet: over HTTP, as a user does. */
@Singleton
@IfBuildProfile("dev")
class DevData {
    private static final Logger LOG = Logger.getLogger("dev.tally");
    private static final Path WORKBOOK = Path.of("docs", "sample-interactions.xlsx");

    void importSample(@ObservesAsync HttpServerStart start) throws IOException, InterruptedException {
        if (!DevServers.hasOwnPostgres() || !Files.exists(WORKBOOK)) {
            return;
        }
        String address = address();
        try (HttpClient client = HttpClient.newHttpClient()) {
            if (new SampleUploads(client, address, SampleUploads.LOG_IN).importWorkbook(WORKBOOK)) {
                LOG.infof("%s was imported: see %s/api/v1/interactions/4", WORKBOOK, address);
            }
        }
    }

    void loadRecords(@ObservesAsync HttpServerStart start) throws IOException, InterruptedException {
        if (!DevServers.hasOwnPostgres() || !DevServers.hasOwnClickHouse()) {
            return;
        }
        Config config = ConfigProvider.getConfig();
        try (HttpClient client = HttpClient.newHttpClient()) {
            String count = client.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:"
                    + config.getValue("tally.clickhouse.port", String.class) + "/?database="
                    + config.getValue("tally.clickhouse.database", String.class)))
                    .header("X-ClickHouse-User", LocalClickHouse.USER)
                    .header("X-ClickHouse-Key", config.getValue("tally.clickhouse.password", String.class))
                    .POST(HttpRequest.BodyPublishers.ofString("SELECT count() FROM records")).build(),
                    HttpResponse.BodyHandlers.ofString()).body();
            if (!count.strip().equals("0")) {
                return;
            }
            String loaded = new SampleUploads(client, address(), SampleUploads.LOG_IN).loadRecords();
            LOG.infof("Sample records were loaded: %s. Sign up by POST /auth/signup and ask GET /query.", loaded);
        }
    }

    private static String address() {
        return "http://localhost:" + ConfigProvider.getConfig().getValue("quarkus.http.port", String.class);
    }
}
