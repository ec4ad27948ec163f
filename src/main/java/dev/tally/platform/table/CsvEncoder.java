package dev.tally.platform.table;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

import org.jspecify.annotations.Nullable;

/** CSV (RFC 4180) in UTF-8 with a header row. An absent cell is an empty field, an empty text is {@code ""}. */
final class CsvEncoder implements Encoder {
    private static final int REPLACEMENT_CHARACTER = 0xFFFD;

    private final Output out;
    private final List<Column> columns;
    private final boolean raw;

    /** @param raw whether texts that a spreadsheet would run as a formula stay as they are */
    CsvEncoder(Output out, List<Column> columns, boolean raw) {
        this.out = out;
        this.columns = columns;
        this.raw = raw;
    }

    @Override
    public void start(@Nullable Instant asOf) {
        for (int i = 0; i < columns.size(); i++) {
            text(i, columns.get(i).name());
        }
        endRow();
    }

    @Override
    public void text(int column, String value) {
        separate(column);
        boolean defused = !raw && startsFormula(value);
        boolean quoted = needsQuotes(value);
        if (quoted) {
            out.write('"');
        }
        if (defused) {
            out.write('\'');
        }
        characters(value);
        if (quoted) {
            out.write('"');
        }
    }

    @Override
    public void integer(int column, long value) {
        separate(column);
        out.integer(value);
    }

    @Override
    public void decimal(int column, long unscaled, int scale) {
        separate(column);
        out.decimal(unscaled, scale);
    }

    @Override
    public void decimal(int column, BigDecimal value) {
        separate(column);
        out.decimal(value);
    }

    @Override
    public void numeral(int column, String value) {
        if (PlainDecimal.is(value)) {
            separate(column);
            out.ascii(value);
        } else {
            text(column, value);
        }
    }

    @Override
    public void date(int column, LocalDate value) {
        separate(column);
        out.date(value);
    }

    @Override
    public void instant(int column, Instant value) {
        separate(column);
        out.instant(value);
    }

    @Override
    public void absent(int column) {
        separate(column);
        if (columns.size() == 1) {
            // An empty line would be a row that most readers skip.
            out.write('"');
            out.write('"');
        }
    }

    @Override
    public void endRow() {
        out.write('\r');
        out.write('\n');
    }

    @Override
    public void finish(long rows) {
        // Nothing closes a CSV.
    }

    private void separate(int column) {
        if (column > 0) {
            out.write(',');
        }
    }

    private static boolean startsFormula(String value) {
        if (value.isEmpty()) {
            return false;
        }
        return switch (value.charAt(0)) {
            case '=', '+', '-', '@', '\t', '\r' -> true;
            default -> false;
        };
    }

    private static boolean needsQuotes(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == ',' || c == '"' || c == '\r' || c == '\n') {
                return true;
            }
        }
        return value.isEmpty();
    }

    private void characters(String value) {
        int count = value.length();
        int i = 0;
        while (i < count) {
            byte[] target = out.roomForSlice();
            int at = out.length();
            int end = Math.min(count, i + Output.SLICE_CHARS);
            while (i < end) {
                char c = value.charAt(i);
                if (c < 0x80) {
                    if (c == '"') {
                        target[at++] = '"';
                    }
                    target[at++] = (byte) c;
                    i++;
                } else {
                    int codePoint = value.codePointAt(i);
                    at = Utf8.write(Utf8.isBroken(codePoint) ? REPLACEMENT_CHARACTER : codePoint, target, at);
                    i += Character.charCount(codePoint);
                }
            }
            out.length(at);
        }
    }
}
