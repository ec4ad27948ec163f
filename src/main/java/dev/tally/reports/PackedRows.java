package dev.tally.reports;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

import de.siegmar.fastcsv.reader.CommentStrategy;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import de.siegmar.fastcsv.writer.CsvWriter;

/** The form in which the rows of a part are kept: CSV without a header, gzip. */
final class PackedRows {
    private static final int BUFFER_BYTES = 64 * 1024;

    private PackedRows() {}

    /** More bytes than may be kept. */
    static final class TooLargeException extends IOException {
        private static final long serialVersionUID = 1;
    }

    /** Takes a row. */
    @FunctionalInterface
    interface Rows {
        void add(CsvRecord row);
    }

    /** Writes rows to a file. */
    static final class Writer implements AutoCloseable {
        private final CsvWriter csv;
        private long count;

        /** @param maxBytes a longer file is not written */
        Writer(Path file, long maxBytes) throws IOException {
            OutputStream packed = new GZIPOutputStream(
                    new BoundedOutputStream(Files.newOutputStream(file), maxBytes), BUFFER_BYTES);
            this.csv = CsvWriter.builder().bufferSize(BUFFER_BYTES)
                    .build(new OutputStreamWriter(new BufferedOutputStream(packed, BUFFER_BYTES), StandardCharsets.UTF_8));
        }

        void add(String[] cells) throws IOException {
            try {
                csv.writeRecord(cells);
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
            count++;
        }

        long count() {
            return count;
        }

        @Override
        public void close() throws IOException {
            csv.close();
        }
    }

    /** Reads all rows. */
    static void read(InputStream packed, ReportsConfig.Results bounds, Rows rows) {
        // What was written by the same bounds may be a little longer, because of its quotation marks.
        int max = 4 * bounds.maxRecordCharacters();
        try (packed; CsvReader<CsvRecord> csv = CsvReader.builder().commentStrategy(CommentStrategy.NONE).skipEmptyLines(false)
                .maxBufferSize(max)
                .build(CsvRecordHandler.builder().maxFields(bounds.maxColumns()).maxFieldSize(max).maxRecordSize(max)
                        .build(),
                        new InputStreamReader(new GZIPInputStream(packed, BUFFER_BYTES), StandardCharsets.UTF_8))) {
            csv.forEach(rows::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether a list of rows is as long as it was said. */
    static void requireCount(long expected, long found, List<String> header) {
        if (expected != found) {
            throw new IllegalStateException("Kept were " + expected + " rows of " + header.size() + " columns, found are "
                    + found);
        }
    }

    /** Refuses to write more than so many bytes. */
    private static final class BoundedOutputStream extends FilterOutputStream {
        private final long maxBytes;
        private long written;

        BoundedOutputStream(OutputStream out, long maxBytes) {
            super(out);
            this.maxBytes = maxBytes;
        }

        @Override
        public void write(int value) throws IOException {
            require(1);
            out.write(value);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            require(length);
            out.write(bytes, offset, length);
        }

        private void require(int more) throws IOException {
            written += more;
            if (written > maxBytes) {
                throw new TooLargeException();
            }
        }
    }
}
