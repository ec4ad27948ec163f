package dev.tally.platform.table;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/** A table whose cells are in memory, and what each encoder makes of it. */
record Rows(List<Column> columns, List<List<@Nullable Object>> cells) {
    private static final int SMALLEST_BUFFER_BYTES = 4096;

    Table table() {
        return table(Table.Layout.LIST, List.of(), null);
    }

    Table table(Table.Layout layout, List<Field> fields, @Nullable Instant asOf) {
        return new Table("rows", layout, fields, false, columns, sink -> writeTo(sink, asOf));
    }

    private void writeTo(TableSink sink, @Nullable Instant asOf) {
        if (sink.begin(asOf)) {
            for (List<@Nullable Object> row : cells) {
                for (int i = 0; i < row.size(); i++) {
                    write(sink, columns.get(i).type(), row.get(i));
                }
                sink.endRow();
            }
        }
    }

    private static void write(TableSink sink, ColumnType type, @Nullable Object cell) {
        switch (cell) {
            case null -> sink.absent();
            case String value when type == ColumnType.NUMERAL -> sink.numeral(value);
            case String value -> sink.text(value);
            case Long value -> sink.integer(value);
            case BigDecimal value -> sink.decimal(value);
            case LocalDate value -> sink.date(value);
            case Instant value -> sink.instant(value);
            default -> throw new IllegalArgumentException("A cell of " + cell.getClass());
        }
    }

    byte[] json() {
        return encode(table(), output -> new JsonEncoder(output, table(), columns));
    }

    byte[] csv(boolean raw) {
        return encode(table(), output -> new CsvEncoder(output, columns, raw));
    }

    byte[] xlsx(int rowsPerSheet) {
        return xlsx(rowsPerSheet, null);
    }

    byte[] xlsx(int rowsPerSheet, @Nullable Instant asOf) {
        return encode(table(Table.Layout.LIST, List.of(), asOf),
                output -> new XlsxEncoder(output, "rows", columns, rowsPerSheet));
    }

    byte[] envelope(List<Field> fields, @Nullable Instant asOf) {
        Table table = table(Table.Layout.ENVELOPE, fields, asOf);
        return encode(table, output -> new EnvelopeEncoder(output, table, columns, XlsxEncoder.MAX_ROWS_PER_SHEET));
    }

    static byte[] encode(Table table, Function<Output, Encoder> encoder) {
        BufferPool pool = new BufferPool(SMALLEST_BUFFER_BYTES, 2);
        MemoryTransport transport = new MemoryTransport(pool);
        Output output = new Output(pool, transport);
        AnswerSink sink = new AnswerSink(table, AnswerSink.columns(table), () -> encoder.apply(output), transport,
                (asOf, version) -> true);
        table.source().writeTo(sink);
        if (sink.finish()) {
            output.finish();
        }
        return transport.completeAnswer();
    }
}
