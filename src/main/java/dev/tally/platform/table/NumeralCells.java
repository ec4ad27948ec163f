package dev.tally.platform.table;

import java.util.BitSet;

import org.dhatim.fastexcel.Worksheet;

/**
 * The number cells of a column of numerals that are not flushed yet. Whole numbers and others have different formats,
 * because one with a point shows it after whole numbers too.
 */
final class NumeralCells {
    private final BitSet wholes = new BitSet();
    private final BitSet fractions = new BitSet();

    /** @param row among those that are not flushed */
    void add(int row, boolean whole) {
        (whole ? wholes : fractions).set(row);
    }

    /** Styles the cells, as many at once as are alike and in a row, and forgets them. */
    void style(Worksheet sheet, int firstRow, int column) {
        style(sheet, firstRow, column, wholes, XlsxFormats.WHOLE);
        style(sheet, firstRow, column, fractions, XlsxFormats.FRACTION);
    }

    private static void style(Worksheet sheet, int firstRow, int column, BitSet rows, String format) {
        int from = rows.nextSetBit(0);
        while (from >= 0) {
            int end = rows.nextClearBit(from);
            sheet.range(firstRow + from, column, firstRow + end - 1, column).style().format(format).set();
            from = rows.nextSetBit(end);
        }
        rows.clear();
    }
}
