package dev.tally.analytics;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The rules of CSV a byte at a time, to compare engines with. */
final class ObviousCsv {
    private final byte[] bytes;
    private final char delimiter;
    private final List<Row> rows = new ArrayList<>();

    private List<byte[]> fields = new ArrayList<>();
    private ByteArrayOutputStream field = new ByteArrayOutputStream();
    private Optional<String> fault = Optional.empty();
    private State state = State.FIELD_BEGINS;
    private long line = 1;
    private long rowLine = 1;
    private boolean rowBegun;

    private enum State {
        FIELD_BEGINS, UNQUOTED, QUOTED, AFTER_QUOTE
    }

    /**
     * @param line from 1, on which it begins
     * @param fault why it is no row, whatever its fields are
     */
    record Row(long line, List<byte[]> fields, Optional<String> fault) {}

    private ObviousCsv(byte[] bytes, char delimiter) {
        this.bytes = bytes;
        this.delimiter = delimiter;
    }

    /** All of them, the header first, blank lines included. */
    static List<Row> rows(byte[] bytes, char delimiter) {
        ObviousCsv csv = new ObviousCsv(bytes, delimiter);
        csv.read();
        return csv.rows;
    }

    private void read() {
        int begin = bytes.length >= 3 && (bytes[0] & 0xFF) == 0xEF && (bytes[1] & 0xFF) == 0xBB
                && (bytes[2] & 0xFF) == 0xBF ? 3 : 0;
        for (int at = begin; at < bytes.length; at++) {
            boolean returnOfEnd = bytes[at] == '\r' && at + 1 < bytes.length && bytes[at + 1] == '\n';
            if (returnOfEnd && state != State.QUOTED) {
                continue;
            }
            take(bytes[at]);
        }
        if (state == State.QUOTED) {
            fault = fault.or(() -> Optional.of(RowReasons.openQuote()));
        }
        if (rowBegun) {
            endRow();
        }
    }

    private void take(byte octet) {
        boolean newline = octet == '\n';
        if (newline) {
            line++;
        }
        if (state != State.QUOTED && newline) {
            endRow();
            return;
        }
        rowBegun = true;
        if (state != State.QUOTED && octet == delimiter) {
            endField();
            return;
        }
        switch (state) {
            case FIELD_BEGINS -> {
                state = octet == '"' ? State.QUOTED : State.UNQUOTED;
                if (octet != '"') {
                    field.write(octet);
                }
            }
            case UNQUOTED -> field.write(octet);
            case QUOTED -> {
                if (octet == '"') {
                    state = State.AFTER_QUOTE;
                } else {
                    field.write(octet);
                }
            }
            case AFTER_QUOTE -> {
                if (octet == '"') {
                    state = State.QUOTED;
                } else {
                    fault = fault.or(() -> Optional.of(RowReasons.textAfterQuote()));
                    state = State.UNQUOTED;
                }
                field.write(octet);
            }
        }
    }

    private void endField() {
        fields.add(field.toByteArray());
        field = new ByteArrayOutputStream();
        state = State.FIELD_BEGINS;
    }

    private void endRow() {
        endField();
        rows.add(new Row(rowLine, fields, fault));
        fields = new ArrayList<>();
        fault = Optional.empty();
        rowLine = line;
        rowBegun = false;
    }
}
