package dev.tally.local;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;

import org.jboss.logging.Logger;

/** Puts the samples into the servers of compose.yaml, as dev mode does into its own, and ends. */
public final class SampleLoader {
    private static final Logger LOG = Logger.getLogger(SampleLoader.class);

    private SampleLoader() {}

    /**
     * Ends with 0 when all of them are there.
     *
     * @param args the address of the S3 store, the bucket, the address of Tally, and the workbook
     */
    public static void main(String... args) throws IOException, InterruptedException {
        try (SampleStore store = SampleStore.open(URI.create(args[0]), args[1])) {
            store.putMissing(SampleFiles.all());
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            SampleUploads uploads = new SampleUploads(client, args[2], SampleUploads.LOG_IN);
            boolean imported = uploads.importWorkbook(Path.of(args[3]));
            String loaded = uploads.loadRecords();
            LOG.infof("The samples are there: the workbook %s, the records %s.",
                    imported ? "was imported" : "had been imported before", loaded);
        }
    }
}
