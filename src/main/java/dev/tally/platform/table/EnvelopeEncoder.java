package dev.tally.platform.table;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Base64;
import java.util.List;

import org.jspecify.annotations.Nullable;

/** A workbook inside of JSON: it goes through Base64 into the answer while it is written, and is never there as a whole. */
final class EnvelopeEncoder implements Encoder {
    private static final byte[] BEFORE_WORKBOOK = JsonValues.ascii(
            "\"data\":{\"content_type\":\"" + TableFormat.XLSX + "\",\"data\":\"");
    private static final byte[] BEFORE_SIZE = JsonValues.ascii("\",\"size_bytes\":");
    private static final byte[] BEFORE_COUNT = JsonValues.ascii(",\"format\":\"excel\"},\"count\":");

    private final Output out;
    private final Table table;
    private final OutputStream base64;
    private final XlsxEncoder workbook;

    EnvelopeEncoder(Output out, Table table, List<Column> columns, int rowsPerSheet) {
        this.out = out;
        this.table = table;
        this.base64 = Base64.getEncoder().wrap(out);
        this.workbook = new XlsxEncoder(base64, table.name(), columns, rowsPerSheet);
    }

    @Override
    public void start(@Nullable Instant asOf) {
        out.write('{');
        new JsonValues(out).fields(table, asOf);
        out.write(BEFORE_WORKBOOK);
        workbook.start(asOf);
    }

    @Override
    public void text(int column, String value) {
        workbook.text(column, value);
    }

    @Override
    public void integer(int column, long value) {
        workbook.integer(column, value);
    }

    @Override
    public void decimal(int column, long unscaled, int scale) {
        workbook.decimal(column, unscaled, scale);
    }

    @Override
    public void decimal(int column, BigDecimal value) {
        workbook.decimal(column, value);
    }

    @Override
    public void numeral(int column, String value) {
        workbook.numeral(column, value);
    }

    @Override
    public void date(int column, LocalDate value) {
        workbook.date(column, value);
    }

    @Override
    public void instant(int column, Instant value) {
        workbook.instant(column, value);
    }

    @Override
    public void absent(int column) {
        workbook.absent(column);
    }

    @Override
    public void endRow() {
        workbook.endRow();
    }

    @Override
    public void finish(long rows) {
        workbook.finish(rows);
        try {
            // Writes what is left of it; an answer does not end with that.
            base64.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        out.write(BEFORE_SIZE);
        out.integer(workbook.sizeBytes());
        out.write(BEFORE_COUNT);
        out.integer(rows);
        out.write('}');
    }
}
