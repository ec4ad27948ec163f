package dev.tally.platform.csv;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.tally.platform.csv.RowBatch.Fault;

/** The rules of docs/csv.md, one byte after another. */
final class ObviousScanner {
    private final byte[] bytes;
    private final char delimiter;
    private final int columns;
    private int position;

    ObviousScanner(byte[] bytes, char delimiter, int columns) {
        this.bytes = bytes;
        this.delimiter = delimiter;
        this.columns = columns;
    }

    /** @param fault why it does not fit; then its fields need not be right */
    record Row(int start, List<String> fields, Optional<Fault> fault) {}

    List<Row> read() {
        List<Row> rows = new ArrayList<>();
        while (position < bytes.length) {
            Row row = readRecord();
            boolean blank = columns > 1 && row.fault.isEmpty() && row.fields.equals(List.of(""));
            if (!blank) {
                rows.add(row.fault.isEmpty() && row.fields.size() != columns
                        ? new Row(row.start, row.fields, Optional.of(Fault.NUMBER_OF_FIELDS))
                        : row);
            }
        }
        return rows;
    }

    private Row readRecord() {
        int start = position;
        List<String> fields = new ArrayList<>();
        Optional<Fault> fault = Optional.empty();
        while (true) {
            ByteArrayOutputStream field = new ByteArrayOutputStream();
            if (at('"')) {
                position++;
                while (position < bytes.length && (!at('"') || atDoubled())) {
                    field.write(bytes[position]);
                    position += at('"') ? 2 : 1;
                }
                if (position == bytes.length) {
                    fields.add("");
                    return new Row(start, fields, fault.or(() -> Optional.of(Fault.OPEN_QUOTE)));
                }
                position++;
                if (!atEndOfField()) {
                    fault = Optional.of(Fault.TEXT_AFTER_QUOTE);
                }
            }
            while (!atEndOfField()) {
                field.write(bytes[position++]);
            }
            fields.add(field.toString(StandardCharsets.ISO_8859_1));
            if (!at(delimiter)) {
                position += at('\r') ? 1 : 0;
                position += at('\n') ? 1 : 0;
                return new Row(start, fields, fault);
            }
            position++;
        }
    }

    private boolean atDoubled() {
        return position + 1 < bytes.length && bytes[position + 1] == '"';
    }

    private boolean atEndOfField() {
        return position == bytes.length || at(delimiter) || at('\n')
                || (at('\r') && position + 1 < bytes.length && bytes[position + 1] == '\n');
    }

    private boolean at(char character) {
        return position < bytes.length && bytes[position] == (byte) character;
    }
}
