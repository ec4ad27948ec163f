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

import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.logging.Logger;

import io.quarkus.arc.profile.IfBuildProfile;
import io.quarkus.vertx.http.HttpServerStart;

/** Imports the sample workbook into dev mode's own database, when nothing was imported yet: over HTTP, as a user does. */
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
