package dev.tally.platform.table;

import java.util.Optional;

import org.dhatim.fastexcel.Worksheet;

/** How cells look in XLSX: their number formats, and the widths of their columns. */
final class XlsxFormats {
    /** Excel's general format shows eleven digits and then an exponent. */
    static final String WHOLE = "0";
    static final String FRACTION = "0.0##############";

    private XlsxFormats() {}

    /** The format that all cells of a column have, if it is one. */
    static Optional<String> ofAll(ColumnType type) {
        return switch (type) {
            // Each numeral has its own.
            case TEXT, NUMERAL -> Optional.empty();
            case INTEGER -> Optional.of(WHOLE);
            case DECIMAL -> Optional.of(FRACTION);
            case DATE -> Optional.of("yyyy-mm-dd");
            case INSTANT -> Optional.of("yyyy-mm-dd hh:mm:ss.000");
        };
    }

    /** In characters. Names may come from outside, and be longer than a column can be wide. */
    static int width(Column column) {
        int cells = switch (column.type()) {
            case TEXT, INSTANT -> 24;
            case INTEGER, DECIMAL, NUMERAL, DATE -> 12;
        };
        return Math.min(Math.max(cells, column.name().length() + 2), Worksheet.MAX_COL_WIDTH);
    }
}
