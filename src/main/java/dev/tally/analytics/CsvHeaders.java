package dev.tally.analytics;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

import jakarta.enterprise.context.ApplicationScoped;

import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;

/** Reads no more of an object than its header. */
@ApplicationScoped
class CsvHeaders {
    /** Of an object, and of what is unpacked of it. */
    private static final int MAX_BYTES = HeaderRecord.MAX_BYTES;

    private final AnalyticsStore store;

    CsvHeaders(AnalyticsStore store) {
        this.store = store;
    }

    /**
     * @throws ObjectChangedException when the object is no longer this version
     * @throws ProblemException when the store does not give it, or it is no CSV
     */
    CsvHeader read(StoredObject object, Dataset dataset) {
        byte[] head = store.head(object, MAX_BYTES);
        boolean gzip = GunzippedChunks.isGzip(head, 0, head.length);
        byte[] text = gzip ? unpacked(head, dataset, object) : head;
        // What is unpacked may end within the file; then a header that ends there is not known to be whole.
        boolean whole = head.length == object.sizeBytes() && text.length < MAX_BYTES;
        return HeaderRecord.read(dataset, text, 0, text.length, whole)
                .map(header -> new CsvHeader(object.key(), header.names(), header.delimiter(), gzip,
                        header.lines()))
                .orElseThrow(() -> tooLong(dataset, object));
    }

    private static byte[] unpacked(byte[] head, Dataset dataset, StoredObject object) {
        byte[] text = new byte[MAX_BYTES];
        int count = 0;
        try (GZIPInputStream unpacker = new GZIPInputStream(new ByteArrayInputStream(head))) {
            for (int more = 0; more >= 0 && count < text.length;) {
                count += more;
                more = unpacker.read(text, count, text.length - count);
            }
        } catch (IOException e) {
            // The head of a longer file breaks off; what could be unpacked of it may be enough.
            if (count == 0) {
                throw broken(dataset, object.key(), e);
            }
        }
        return Arrays.copyOf(text, count);
    }

    static ProblemException tooLong(Dataset dataset, StoredObject object) {
        return new ProblemException(ProblemCode.CSV_UNREADABLE, "The header of " + object.key() + " of the dataset "
                + dataset.name() + " is longer than " + MAX_BYTES + " bytes; is it CSV, with line feeds?");
    }

    static ProblemException broken(Dataset dataset, String key, Throwable cause) {
        return new ProblemException(ProblemCode.CSV_UNREADABLE, "The object " + key + " of the dataset "
                + dataset.name() + " is compressed, but cannot be unpacked: it is cut off or broken.", cause);
    }
}
