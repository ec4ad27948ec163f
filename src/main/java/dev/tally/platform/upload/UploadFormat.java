package dev.tally.platform.upload;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

import jakarta.ws.rs.core.MediaType;

import org.jspecify.annotations.Nullable;

import dev.tally.platform.http.BoundedInputStream;
import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;

/**
 * What the rows of an upload are written in.
 *
 * @param csv otherwise it is NDJSON
 * @param gzip whether it is packed
 */
public record UploadFormat(boolean csv, boolean gzip) {
    /** Media types for {@code @Consumes}. */
    public static final String CSV = "text/csv";
    public static final String NDJSON = "application/x-ndjson";

    private static final int GZIP_BUFFER_BYTES = 64 * 1024;

    /**
     * What an upload may be.
     *
     * @param maxUnpackedBytes its size after it was unpacked
     * @param maxRowLength the longest row of a CSV in characters, the longest line of NDJSON in bytes
     * @param onFault what became of it when it cannot be read to its end, in a sentence for the client
     */
    public record Bounds(long maxUnpackedBytes, int maxRowLength, String onFault) {}

    /** @throws ProblemException {@code MEDIA_TYPE_UNSUPPORTED} for another charset or packing */
    public static UploadFormat of(MediaType type, @Nullable String contentEncoding) {
        String charset = type.getParameters().getOrDefault(MediaType.CHARSET_PARAMETER, "utf-8");
        if (!charset.equalsIgnoreCase("utf-8") && !charset.equalsIgnoreCase("us-ascii")) {
            throw new ProblemException(ProblemCode.MEDIA_TYPE_UNSUPPORTED,
                    "Rows are read as UTF-8. Send them so, and say charset=utf-8 or nothing.");
        }
        return new UploadFormat(type.getSubtype().equalsIgnoreCase("csv"), isGzip(contentEncoding));
    }

    private static boolean isGzip(@Nullable String encoding) {
        return switch (encoding == null ? "identity" : encoding.toLowerCase(Locale.ROOT)) {
            case "gzip", "x-gzip" -> true;
            case "identity" -> false;
            default -> throw new ProblemException(ProblemCode.MEDIA_TYPE_UNSUPPORTED,
                    "Invalid Content-Encoding. Use gzip, or leave it out.");
        };
    }

    /**
     * Reads to the end.
     *
     * @throws ProblemException {@code UPLOAD_INVALID} when the upload as a whole cannot be read, {@code BODY_TOO_LARGE}
     * @throws IOException when the upload breaks off, or is not packed as it says
     */
    public void read(InputStream upload, List<UploadField> fields, Bounds bounds, UploadedRows rows)
            throws IOException {
        // A small packed upload can hold a very large one.
        InputStream unpacked = new BoundedInputStream(gzip ? new GZIPInputStream(upload, GZIP_BUFFER_BYTES) : upload,
                bounds.maxUnpackedBytes(), () -> new ProblemException(ProblemCode.BODY_TOO_LARGE,
                        "The upload has more than " + bounds.maxUnpackedBytes()
                                + " bytes when unpacked. Send it in parts. " + bounds.onFault()));
        if (csv) {
            CsvUpload.read(unpacked, fields, bounds, rows);
        } else {
            NdjsonUpload.read(unpacked, fields, bounds.maxRowLength(), rows);
        }
    }
}
