package dev.tally.platform.table;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

import org.jspecify.annotations.Nullable;

/** JSON (RFC 8259), in the layout of the table. */
final class JsonEncoder implements Encoder {
    private static final byte[] NULL = bytes("null");
    private static final byte[] HEX = bytes("0123456789abcdef");

    private final Output out;
    private final Table table;
    private final Table.Layout layout;
    private final byte[][] beforeCell;
    private final byte[] beforeLaterRow;
    private boolean laterRow;

    JsonEncoder(Output out, Table table, List<Column> columns) {
        this.out = out;
        this.table = table;
        this.layout = table.layout();
        this.beforeCell = new byte[columns.size()][];
        if (layout == Table.Layout.MAP) {
            // The key stands for a name.
            beforeCell[0] = new byte[0];
            beforeCell[1] = bytes(":");
            this.beforeLaterRow = bytes(",");
            return;
        }
        for (int i = 0; i < beforeCell.length; i++) {
            beforeCell[i] = bytes((i == 0 ? "{" : ",") + member(columns.get(i).name()));
        }
        this.beforeLaterRow = bytes(",{" + member(columns.getFirst().name()));
    }

    @Override
    public void start(@Nullable Instant asOf) {
        switch (layout) {
            case LIST -> {
                out.write('{');
                fields(asOf);
                out.write(bytes("\"data\":["));
            }
            case MAP -> {
                out.write(bytes("{\"data\":{"));
                fields(asOf);
                out.write(bytes(member(table.columns().get(1).name()) + "{"));
            }
            case ARRAY -> out.write('[');
            case OBJECT -> {
                // The fields are cells of the only row.
            }
        }
    }

    private void fields(@Nullable Instant asOf) {
        for (Field field : table.fields()) {
            out.write(bytes(member(field.column().name())));
            field(field.value());
            out.write(',');
        }
        if (table.asOf()) {
            out.write(bytes(member("as_of")));
            if (asOf == null) {
                out.write(NULL);
            } else {
                quoted(asOf);
            }
            out.write(',');
        }
    }

    private void field(@Nullable Object value) {
        switch (value) {
            case null -> out.write(NULL);
            case String text -> string(text);
            case Long integer -> out.integer(integer);
            case LocalDate date -> quoted(date);
            case List<?> texts -> {
                out.write('[');
                for (int i = 0; i < texts.size(); i++) {
                    if (i > 0) {
                        out.write(',');
                    }
                    string((String) texts.get(i));
                }
                out.write(']');
            }
            default -> throw new IllegalArgumentException("A field of " + value.getClass());
        }
    }

    @Override
    public void text(int column, String value) {
        member(column);
        string(value);
    }

    @Override
    public void integer(int column, long value) {
        out.integer(memberOf(column), value);
    }

    @Override
    public void decimal(int column, long unscaled, int scale) {
        member(column);
        out.decimal(unscaled, scale);
    }

    @Override
    public void decimal(int column, BigDecimal value) {
        member(column);
        out.decimal(value);
    }

    @Override
    public void date(int column, LocalDate value) {
        member(column);
        quoted(value);
    }

    @Override
    public void instant(int column, Instant value) {
        member(column);
        quoted(value);
    }

    @Override
    public void absent(int column) {
        member(column);
        out.write(NULL);
    }

    @Override
    public void endRow() {
        if (layout != Table.Layout.MAP) {
            out.write('}');
        }
        laterRow = true;
    }

    @Override
    public void finish(long rows) {
        switch (layout) {
            case LIST -> {
                out.write(bytes("],\"count\":"));
                out.integer(rows);
                out.write('}');
            }
            case MAP -> out.write(bytes("}}}"));
            case ARRAY -> out.write(']');
            case OBJECT -> {
                // The row was the answer.
            }
        }
    }

    private void member(int column) {
        out.write(memberOf(column));
    }

    private byte[] memberOf(int column) {
        return column == 0 && laterRow ? beforeLaterRow : beforeCell[column];
    }

    private void quoted(LocalDate value) {
        out.write('"');
        out.date(value);
        out.write('"');
    }

    private void quoted(Instant value) {
        out.write('"');
        out.instant(value);
        out.write('"');
    }

    private void string(String value) {
        out.write('"');
        int count = value.length();
        int i = 0;
        while (i < count) {
            byte[] target = out.roomForSlice();
            int at = out.length();
            int end = Math.min(count, i + Output.SLICE_CHARS);
            while (i < end) {
                char c = value.charAt(i);
                if (c >= ' ' && c < 0x7F && c != '"' && c != '\\') {
                    target[at++] = (byte) c;
                    i++;
                } else {
                    int codePoint = value.codePointAt(i);
                    at = escaped(codePoint, target, at);
                    i += Character.charCount(codePoint);
                }
            }
            out.length(at);
        }
        out.write('"');
    }

    private static int escaped(int codePoint, byte[] target, int at) {
        int end = at;
        if (codePoint == '"' || codePoint == '\\') {
            target[end++] = '\\';
            target[end++] = (byte) codePoint;
        } else if (codePoint < ' ' || Utf8.isBroken(codePoint)) {
            target[end++] = '\\';
            target[end++] = 'u';
            for (int shift = 12; shift >= 0; shift -= 4) {
                target[end++] = HEX[(codePoint >> shift) & 0xF];
            }
        } else if (codePoint == 0x7F) {
            target[end++] = 0x7F;
        } else {
            end = Utf8.write(codePoint, target, end);
        }
        return end;
    }

    /** Column names are ours or checked where they come in, but a quote in one must not break the answer. */
    private static String member(String name) {
        return "\"" + name.replace("\\", "\\\\").replace("\"", "\\\"") + "\":";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
