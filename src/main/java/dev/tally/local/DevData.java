package dev.tally.local;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

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
    private static final String IMPORTS = "/api/v1/imports";
    private static final String BOUNDARY = "dev-mode-imports-its-sample";
    /** The password is that of application.properties, which production refuses. */
    private static final String LOG_IN = "Basic "
            + Base64.getEncoder().encodeToString("operator:operator123".getBytes(StandardCharsets.US_ASCII));

    void importSample(@ObservesAsync HttpServerStart start) throws IOException, InterruptedException {
        if (!DevServers.hasOwnPostgres() || !Files.exists(WORKBOOK)) {
            return;
        }
        String port = ConfigProvider.getConfig().getValue("quarkus.http.port", String.class);
        String address = "http://localhost:" + port;
        try (HttpClient client = HttpClient.newHttpClient()) {
            String imports = send(client, HttpRequest.newBuilder(URI.create(address + IMPORTS + "?limit=1")));
            if (!imports.contains("\"count\":0")) {
                return;
            }
            send(client, HttpRequest.newBuilder(URI.create(address + IMPORTS))
                    .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                    .POST(HttpRequest.BodyPublishers.ofByteArray(form())));
            LOG.infof("%s was imported: see %s/api/v1/interactions/4", WORKBOOK, address);
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
            String loaded = send(client, HttpRequest.newBuilder(URI.create("http://localhost:"
                    + config.getValue("quarkus.http.port", String.class) + "/records"))
                    .header("Content-Type", "text/csv")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(SampleRecords.csv())));
            LOG.infof("Sample records were loaded: %s. Sign up by POST /auth/signup and ask GET /query.", loaded);
        }
    }

    private static String send(HttpClient client, HttpRequest.Builder request)
            throws IOException, InterruptedException {
        return client.send(request.header("Authorization", LOG_IN).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static byte[] form() throws IOException {
        ByteArrayOutputStream form = new ByteArrayOutputStream();
        form.writeBytes(("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\""
                + WORKBOOK.getFileName() + "\"\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        form.writeBytes(Files.readAllBytes(WORKBOOK));
        form.writeBytes(("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.US_ASCII));
        return form.toByteArray();
    }
}
