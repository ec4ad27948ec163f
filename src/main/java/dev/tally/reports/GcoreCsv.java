package dev.tally.reports;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import de.siegmar.fastcsv.reader.CommentStrategy;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import dev.tally.platform.table.ColumnNames;

/**
 * Reads the CSV in which Gcore delivers a report. Columns are found by their names; those that are not known are kept,
 * behind the others. A cell that tells what a row is about and is empty repeats that of the row above.
 */
final class GcoreCsv {
    private static final char BYTE_ORDER_MARK = '\uFEFF';
    private static final int MAX_NAME_CHARACTERS = 200;

    private final ReportsConfig.Results bounds;

    GcoreCsv(ReportsConfig.Results bounds) {
        this.bounds = bounds;
    }

    /** Takes the rows of one client. */
    @FunctionalInterface
    interface Rows {
        /** @param cells one for each column; the same array each time */
        void add(String[] cells) throws IOException;
    }

    /** The file cannot be read; the message is for clients. */
    static final class UnreadableException extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final String sentence;

        UnreadableException(String sentence, @Nullable Throwable cause) {
            super(sentence, cause);
            this.sentence = sentence;
        }

        String sentence() {
            return sentence;
        }
    }

    /**
     * Reads to the end.
     *
     * @param clientId the client whose rows are given on
     * @return the names of the columns: first {@link ReportColumn}'s, then the others
     * @throws UnreadableException when it is not such a file
     * @throws IOException when it breaks off, or cannot be given on
     */
    List<String> read(InputStream file, String clientId, Rows rows) throws IOException {
        Reader text = text(file);
        int max = bounds.maxRecordCharacters();
        try (CsvReader<CsvRecord> csv = CsvReader.builder().commentStrategy(CommentStrategy.NONE).skipEmptyLines(true)
                .allowExtraFields(true).allowMissingFields(true).maxBufferSize(max)
                .build(CsvRecordHandler.builder().maxFields(bounds.maxColumns()).maxFieldSize(max).maxRecordSize(max)
                        .build(), text)) {
            Iterator<CsvRecord> records = csv.iterator();
            if (!records.hasNext()) {
                throw new UnreadableException("Gcore's file is empty: it has no header.", null);
            }
            Layout layout = Layout.of(records.next().getFields());
            RowReader reader = new RowReader(layout);
            while (records.hasNext()) {
                CsvRecord record = records.next();
                String[] cells = reader.read(record);
                if (cells[ReportColumn.CLIENT_ID.place()].equals(clientId)) {
                    rows.add(cells);
                }
            }
            return layout.names;
        } catch (UncheckedIOException | CsvParseException e) {
            // FastCSV wraps what the stream throws.
            if (e.getCause() instanceof IOException io) {
                throw translated(io);
            }
            throw new UnreadableException("Gcore's file is not CSV: a quotation mark is out of place or not closed, or a"
                    + " record is longer than " + max + " characters or " + bounds.maxColumns() + " fields.", e);
        }
    }

    private static Reader text(InputStream file) throws IOException {
        PushbackReader text = new PushbackReader(new InputStreamReader(file, StandardCharsets.UTF_8.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT).onUnmappableCharacter(CodingErrorAction.REPORT)));
        try {
            int first = text.read();
            if (first >= 0 && first != BYTE_ORDER_MARK) {
                text.unread(first);
            }
        } catch (CharacterCodingException e) {
            throw translated(e);
        }
        return text;
    }

    private static IOException translated(IOException fault) {
        if (fault instanceof CharacterCodingException) {
            throw new UnreadableException("Gcore's file is not UTF-8.", fault);
        }
        return fault;
    }

    /** Where each column stands in the file. */
    private static final class Layout {
        private final List<String> names;
        /** For each of our columns its place in the file. */
        private final int[] sources;

        private Layout(List<String> names, int[] sources) {
            this.names = names;
            this.sources = sources;
        }

        static Layout of(List<String> header) {
            List<String> found = header.stream().map(name -> Foreign.clean(name, MAX_NAME_CHARACTERS)).toList();
            List<String> names = new ArrayList<>();
            int[] sources = new int[header.size()];
            Set<Integer> taken = new HashSet<>();
            for (ReportColumn column : ReportColumn.values()) {
                int place = column.placeIn(found);
                sources[names.size()] = place;
                names.add(column.title());
                taken.add(place);
            }
            for (int place = 0; place < found.size(); place++) {
                if (!taken.contains(place)) {
                    sources[names.size()] = place;
                    names.add(found.get(place).strip());
                }
            }
            return new Layout(ColumnNames.distinct(names), sources);
        }
    }

    /** Reads rows one after another, each knowing the one above. */
    private static final class RowReader {
        private final Layout layout;
        private final String[] cells;
        private final String[] above = {"", "", "", "", "", ""};

        RowReader(Layout layout) {
            this.layout = layout;
            this.cells = new String[layout.sources.length];
        }

        String[] read(CsvRecord record) {
            if (record.getFieldCount() != cells.length) {
                throw new UnreadableException("Line " + record.getStartingLineNumber() + " of Gcore's file has "
                        + record.getFieldCount() + " fields, its header " + cells.length + ".", null);
            }
            for (int i = 0; i < cells.length; i++) {
                cells[i] = record.getField(layout.sources[i]);
            }
            if (!fillDown(ReportColumn.CLIENT_ID, ReportColumn.COMPANY_NAME)
                    || !fillDown(ReportColumn.FEATURE_ID, ReportColumn.FEATURE_NAME, ReportColumn.UNIT_NAME)) {
                throw new UnreadableException("Line " + record.getStartingLineNumber()
                        + " of Gcore's file does not say whose it is, or of what.", null);
            }
            if (cells[ReportColumn.CLIENT_ID.place()].isEmpty()) {
                throw new UnreadableException("Line " + record.getStartingLineNumber()
                        + " of Gcore's file does not say whose it is.", null);
            }
            System.arraycopy(cells, 0, above, 0, above.length);
            return cells;
        }

        /**
         * Fills an empty id, and what goes with it where it is the id of the row above: a nameless company that follows
         * another one has not got that one's name.
         *
         * @return false when it has no id, but is about something else than the row above
         */
        private boolean fillDown(ReportColumn id, ReportColumn... described) {
            int idPlace = id.place();
            cells[idPlace] = cells[idPlace].strip();
            if (cells[idPlace].isEmpty()) {
                for (ReportColumn each : described) {
                    String cell = cells[each.place()];
                    if (!cell.isEmpty() && !cell.equals(above[each.place()])) {
                        return false;
                    }
                }
                cells[idPlace] = above[idPlace];
            }
            if (cells[idPlace].equals(above[idPlace])) {
                for (ReportColumn each : described) {
                    int place = each.place();
                    if (cells[place].isEmpty()) {
                        cells[place] = above[place];
                    }
                }
            }
            return true;
        }
    }
}
