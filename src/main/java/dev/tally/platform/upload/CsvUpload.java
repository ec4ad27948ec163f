package dev.tally.platform.upload;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

import org.jspecify.annotations.Nullable;

import de.siegmar.fastcsv.reader.CommentStrategy;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;

/** Reads rows from CSV (RFC 4180) in UTF-8: a header with the columns in any order, then the rows. */
final class CsvUpload {
    private CsvUpload() {}

    /**
     * Reads to the end.
     *
     * @throws ProblemException {@code UPLOAD_INVALID} when the upload as a whole cannot be read
     * @throws IOException when the upload breaks off
     */
    static void read(InputStream upload, List<UploadField> fields, UploadFormat.Bounds bounds, UploadedRows rows)
            throws IOException {
        // A longer record ends the reading: a quote was not closed.
        int maxRecordCharacters = bounds.maxRowLength();
        try (CsvReader<CsvRecord> csv = CsvReader.builder()
                .commentStrategy(CommentStrategy.NONE)
                .skipEmptyLines(true)
                .allowExtraFields(true)
                .allowMissingFields(true)
                .detectBomHeader(true)
                .maxBufferSize(maxRecordCharacters)
                .build(CsvRecordHandler.builder().maxFields(1_000).maxFieldSize(maxRecordCharacters)
                        .maxRecordSize(maxRecordCharacters).build(), upload, StandardCharsets.UTF_8)) {
            Iterator<CsvRecord> records = csv.iterator();
            if (!records.hasNext()) {
                throw new ProblemException(ProblemCode.UPLOAD_INVALID,
                        "The upload is empty. Send a header row with the columns " + UploadField.names(fields) + ".");
            }
            Columns columns = Columns.of(records.next().getFields(), fields);
            while (records.hasNext()) {
                columns.add(records.next(), rows);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (CsvParseException e) {
            // FastCSV wraps what the stream throws.
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            if (e.getCause() instanceof ProblemException tooLarge) {
                throw tooLarge;
            }
            throw new ProblemException(ProblemCode.UPLOAD_INVALID, "The upload is not CSV after " + rows.received()
                    + " rows: a quotation mark is out of place or not closed, or a record is longer than "
                    + maxRecordCharacters + " characters. " + bounds.onFault(), e);
        }
    }

    /**
     * Where each field stands; -1 for one that the header does not have.
     *
     * @param count of the columns of the header
     */
    private record Columns(int count, List<Integer> indexes) {

        static Columns of(List<String> header, List<UploadField> fields) {
            List<String> names = UploadField.names(fields);
            List<String> unknown = new ArrayList<>(header);
            unknown.removeAll(names);
            if (!unknown.isEmpty()) {
                throw new ProblemException(ProblemCode.UPLOAD_INVALID,
                        "The header has the unknown column \"" + abbreviated(unknown.getFirst())
                                + "\". The columns are " + names + ", in any order.");
            }
            for (UploadField field : fields) {
                int first = header.indexOf(field.name());
                if (first < 0 && field.required()) {
                    throw new ProblemException(ProblemCode.UPLOAD_INVALID,
                            "The header lacks the column " + field.name() + ".");
                }
                if (first != header.lastIndexOf(field.name())) {
                    throw new ProblemException(ProblemCode.UPLOAD_INVALID,
                            "The header has the column " + field.name() + " twice.");
                }
            }
            return new Columns(header.size(), names.stream().map(header::indexOf).toList());
        }

        private static String abbreviated(String name) {
            return name.length() <= 64 ? name : name.substring(0, 64) + "…";
        }

        void add(CsvRecord row, UploadedRows rows) throws IOException {
            long line = row.getStartingLineNumber();
            if (row.getFieldCount() != count) {
                rows.reject(line, "the row has " + row.getFieldCount() + " fields, the header " + count);
                return;
            }
            @Nullable
            String[] values = new @Nullable String[indexes.size()];
            for (int i = 0; i < values.length; i++) {
                int index = indexes.get(i);
                values[i] = index < 0 ? null : row.getField(index);
            }
            rows.add(line, values);
        }
    }
}
