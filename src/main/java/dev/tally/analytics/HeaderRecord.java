package dev.tally.analytics;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.tally.platform.csv.CsvFields;
import dev.tally.platform.csv.CsvScanner;
import dev.tally.platform.csv.RowBatch;

/**
 * The header at the begin of a file.
 *
 * @param names as they are written
 * @param delimiter the dataset's, or the one that was found
 * @param end where the first row begins
 * @param lines how many lines are before it
 */
record HeaderRecord(List<String> names, char delimiter, int end, long lines) {
    /** Within how many bytes of a file its header has to end: the search takes longer the more line feeds are in them. */
    static final int MAX_BYTES = 1 << 16;
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};
    private static final char[] DELIMITERS = {',', ';', '\t'};
    /** More than any header has; so the record never fits, and is told of. */
    private static final int NO_NUMBER_OF_FIELDS = Integer.MAX_VALUE;

    HeaderRecord {
        names = List.copyOf(names);
    }

    /**
     * Reads it. Blank lines before it are skipped.
     *
     * @param from where the file begins
     * @param last whether the file ends at {@code to}
     * @return empty when it is not there as a whole; of a file without any record it has no names
     */
    static Optional<HeaderRecord> read(Dataset dataset, byte[] bytes, int from, int to, boolean last) {
        int begin = startsWithMark(bytes, from, to) ? from + BYTE_ORDER_MARK.length : from;
        char delimiter = dataset.delimiter().orElseGet(() -> mostFrequent(bytes, begin, to));
        CsvScanner counter = new CsvScanner(delimiter, NO_NUMBER_OF_FIELDS);
        RowBatch batch = new RowBatch(1, 0, 1);
        long lines = 0;
        for (int record = begin; record < to;) {
            int end = endOfRecord(counter, bytes, record, to, last, batch);
            if (end < 0) {
                return Optional.empty();
            }
            lines += batch.lineBreaks();
            if (batch.misfits() > 0) {
                List<String> names = names(dataset, delimiter, bytes, record, end, batch.misfit(0).fields());
                return Optional.of(new HeaderRecord(names, delimiter, end, lines));
            }
            record = end;
        }
        return last ? Optional.of(new HeaderRecord(List.of(), delimiter, to, lines)) : Optional.empty();
    }

    private static boolean startsWithMark(byte[] bytes, int from, int to) {
        for (int i = 0; i < BYTE_ORDER_MARK.length; i++) {
            if (from + i >= to || bytes[from + i] != BYTE_ORDER_MARK[i]) {
                return false;
            }
        }
        return true;
    }

    /** Behind the record; -1 when it does not end in the bytes. */
    private static int endOfRecord(CsvScanner counter, byte[] bytes, int record, int to, boolean last,
            RowBatch batch) {
        for (int end = record; end < to;) {
            while (end < to && bytes[end] != '\n') {
                end++;
            }
            boolean atEnd = end == to;
            end = atEnd ? to : end + 1;
            if ((!atEnd || last) && counter.scan(bytes, record, end, atEnd, batch) == end) {
                return end;
            }
        }
        return last && counter.scan(bytes, record, to, true, batch) == to ? to : -1;
    }

    private static List<String> names(Dataset dataset, char delimiter, byte[] bytes, int record, int end, int fields) {
        int[] places = new int[fields];
        for (int i = 0; i < fields; i++) {
            places[i] = i;
        }
        RowBatch batch = new RowBatch(1, fields, 1);
        new CsvScanner(delimiter, fields, places).scan(bytes, record, end, true, batch);
        List<String> names = new ArrayList<>();
        if (batch.rows() == 0) {
            return names;
        }
        for (int i = 0; i < fields; i++) {
            names.add(CsvFields.text(bytes, batch.starts(i)[0], batch.ends(i)[0], dataset.charset()));
        }
        return names;
    }

    /** The delimiter of which the first line that is not blank has most outside quotation marks; a comma if it has none. */
    private static char mostFrequent(byte[] bytes, int from, int to) {
        int[] counts = new int[DELIMITERS.length];
        boolean quoted = false;
        boolean blank = true;
        for (int i = from; i < to; i++) {
            byte character = bytes[i];
            if (character == '\n' && !quoted && !blank) {
                break;
            }
            quoted ^= character == '"';
            blank &= character == '\n' || character == '\r';
            for (int d = 0; d < DELIMITERS.length; d++) {
                counts[d] += !quoted && character == DELIMITERS[d] ? 1 : 0;
            }
        }
        int best = 0;
        for (int d = 1; d < DELIMITERS.length; d++) {
            best = counts[d] > counts[best] ? d : best;
        }
        return DELIMITERS[best];
    }
}
