package dev.tally.platform.table;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

import org.jspecify.annotations.Nullable;

/** JSON (RFC 8259), in the layout of the table. */
final class JsonEncoder implements Encoder {
    private final Output out;
    private final JsonValues values;
    private final Table table;
    private final Table.Layout layout;
    private final byte[][] beforeCell;
    private final byte[] beforeLaterRow;
    private boolean laterRow;
    private @Nullable Instant asOf;

    JsonEncoder(Output out, Table table, List<Column> columns) {
        this.out = out;
        this.values = new JsonValues(out);
        this.table = table;
        this.layout = table.layout();
        this.beforeCell = new byte[columns.size()][];
        if (layout.isOfPairs()) {
            // The key stands for a name.
            beforeCell[0] = new byte[0];
            beforeCell[1] = JsonValues.ascii(":");
            this.beforeLaterRow = JsonValues.ascii(",");
            return;
        }
        for (int i = 0; i < beforeCell.length; i++) {
            beforeCell[i] = after(i == 0 ? "{" : ",", columns.get(i));
        }
        this.beforeLaterRow = after(",{", columns.getFirst());
    }

    private static byte[] after(String punctuation, Column column) {
        byte[] before = JsonValues.ascii(punctuation);
        byte[] member = JsonValues.member(column.name());
        return ByteBuffer.allocate(before.length + member.length).put(before).put(member).array();
    }

    @Override
    public void start(@Nullable Instant now) {
        asOf = now;
        switch (layout) {
            case LIST, ROWS -> {
                out.write('{');
                values.fields(table, asOf);
                out.write(JsonValues.ascii("\"data\":["));
            }
            case RECORD -> {
                out.write('{');
                values.fields(table, asOf);
                out.write(JsonValues.ascii("\"data\":"));
            }
            case MAP -> {
                out.write(JsonValues.ascii("{\"data\":{"));
                values.fields(table, asOf);
                out.write(JsonValues.member(table.columns().get(1).name()));
                out.write('{');
            }
            case MEMBERS -> out.write('{');
            case ARRAY -> out.write('[');
            case OBJECT -> {
                // The fields are cells of the only row.
            }
            case ENVELOPE -> throw new IllegalArgumentException("A workbook is no rows of JSON");
        }
    }

    @Override
    public void text(int column, String value) {
        member(column);
        values.string(value);
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
    public void numeral(int column, String value) {
        text(column, value);
    }

    @Override
    public void date(int column, LocalDate value) {
        member(column);
        values.date(value);
    }

    @Override
    public void instant(int column, Instant value) {
        member(column);
        values.instant(value);
    }

    @Override
    public void absent(int column) {
        member(column);
        values.nothing();
    }

    @Override
    public void endRow() {
        if (!layout.isOfPairs()) {
            out.write('}');
        }
        laterRow = true;
    }

    @Override
    public void finish(long rows) {
        switch (layout) {
            case LIST -> {
                out.write(JsonValues.ascii("],\"count\":"));
                out.integer(rows);
                values.fieldsAfter(table, asOf);
                out.write('}');
            }
            case ROWS -> {
                out.write(']');
                values.fieldsAfter(table, asOf);
                out.write('}');
            }
            case RECORD -> {
                values.fieldsAfter(table, asOf);
                out.write('}');
            }
            case MAP -> out.write(JsonValues.ascii("}}}"));
            case MEMBERS -> out.write('}');
            case ARRAY -> out.write(']');
            case OBJECT, ENVELOPE -> {
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
}
