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

/** Puts samples into the databases of a Tally over HTTP, as a user does. */
final class SampleUploads {
    /** The user of dev mode, and of compose.yaml. */
    static final String LOG_IN = "Basic "
            + Base64.getEncoder().encodeToString("operator:operator123".getBytes(StandardCharsets.US_ASCII));

    private static final String IMPORTS = "/api/v1/imports";
    private static final String BOUNDARY = "the-sample-is-imported";
    private static final int FIRST_FAULT = 300;

    private final HttpClient client;
    private final String address;
    private final String logIn;

    /** @param logIn the value of {@code Authorization} */
    SampleUploads(HttpClient client, String address, String logIn) {
        this.client = client;
        this.address = address;
        this.logIn = logIn;
    }

    /** Imports a workbook, unless there were imports before; gives whether it did. */
    boolean importWorkbook(Path workbook) throws IOException, InterruptedException {
        if (!send(request(IMPORTS + "?limit=1")).contains("\"count\":0")) {
            return false;
        }
        String unused = send(request(IMPORTS).header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .POST(HttpRequest.BodyPublishers.ofByteArray(form(workbook))));
        return true;
    }

    /** Loads the sample records, in place of those that are there; gives the answer. */
    String loadRecords() throws IOException, InterruptedException {
        return send(request("/records").header("Content-Type", "text/csv")
                .POST(HttpRequest.BodyPublishers.ofByteArray(SampleRecords.csv())));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(address + path)).header("Authorization", logIn);
    }

    private String send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() >= FIRST_FAULT) {
            throw new IOException(answer.uri() + " answered " + answer.statusCode() + ": " + answer.body());
        }
        return answer.body();
    }

    private static byte[] form(Path workbook) throws IOException {
        ByteArrayOutputStream form = new ByteArrayOutputStream();
        form.writeBytes(("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\""
                + workbook.getFileName() + "\"\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        form.writeBytes(Files.readAllBytes(workbook));
        form.writeBytes(("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.US_ASCII));
        return form.toByteArray();
    }
}
