package dev.tally.calls;

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

/** Reads CDRs from CSV (RFC 4180) in UTF-8: a header with the columns in any order, then a CDR a row. */
final class CsvCdrReader {
    private CsvCdrReader() {}

    /**
     * Reads to the end.
     *
     * @param maxRecordCharacters a longer record ends the reading: a quote was not closed
     * @throws ProblemException {@code UPLOAD_INVALID} when the upload as a whole cannot be read
     * @throws IOException when the upload breaks off
     */
    static void read(InputStream upload, int maxRecordCharacters, LoadedRows rows) throws IOException {
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
                        "The upload is empty. Send a header row with the columns " + CdrField.names() + ".");
            }
            Columns columns = Columns.of(records.next().getFields());
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
                    + maxRecordCharacters + " characters. Nothing was loaded.", e);
        }
    }

    /** Where each field stands; -1 for one that the header does not have. */
    private record Columns(int count, int source, int eventId, int msisdn, int callType, int startTime,
            int durationSeconds) {

        static Columns of(List<String> header) {
            List<String> unknown = new ArrayList<>(header);
            unknown.removeAll(CdrField.names());
            if (!unknown.isEmpty()) {
                throw new ProblemException(ProblemCode.UPLOAD_INVALID,
                        "The header has the unknown column \"" + abbreviated(unknown.getFirst())
                                + "\". The columns are "
                                + CdrField.names() + ", in any order.");
            }
            for (CdrField field : CdrField.values()) {
                int first = header.indexOf(field.fieldName());
                if (first < 0 && field.required()) {
                    throw new ProblemException(ProblemCode.UPLOAD_INVALID,
                            "The header lacks the column " + field.fieldName() + ".");
                }
                if (first != header.lastIndexOf(field.fieldName())) {
                    throw new ProblemException(ProblemCode.UPLOAD_INVALID,
                            "The header has the column " + field.fieldName() + " twice.");
                }
            }
            return new Columns(header.size(), header.indexOf(CdrField.SOURCE.fieldName()),
                    header.indexOf(CdrField.EVENT_ID.fieldName()), header.indexOf(CdrField.MSISDN.fieldName()),
                    header.indexOf(CdrField.CALL_TYPE.fieldName()), header.indexOf(CdrField.START_TIME.fieldName()),
                    header.indexOf(CdrField.DURATION_SECONDS.fieldName()));
        }

        private static String abbreviated(String name) {
            return name.length() <= 64 ? name : name.substring(0, 64) + "…";
        }

        void add(CsvRecord row, LoadedRows rows) throws IOException {
            long line = row.getStartingLineNumber();
            if (row.getFieldCount() != count) {
                rows.reject(line, "the row has " + row.getFieldCount() + " fields, the header " + count);
                return;
            }
            rows.add(line, field(row, source), field(row, eventId), field(row, msisdn), field(row, callType),
                    field(row, startTime), field(row, durationSeconds));
        }

        private static @Nullable String field(CsvRecord row, int index) {
            return index < 0 ? null : row.getField(index);
        }
    }
}
