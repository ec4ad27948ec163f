package dev.tally.interactions;

import java.util.List;

/**
 * Where in a workbook the rows of one kind are.
 *
 * @param headerRow the number of the row with the columns' titles; the rows after it are read
 * @param columns where each column of the kind is, in the kind's order
 */
record SheetPlan(SheetKind kind, WorkbookFile.Sheet sheet, long headerRow, List<Integer> columns) {
    /** The cell of a row in a column of the kind. */
    Cell cell(Cell[] cells, int column) {
        return cells[columns.get(column)];
    }

    /** Whether a row has nothing in any column that is read. */
    boolean isBlank(Cell[] cells) {
        return columns.stream().allMatch(column -> cells[column].isBlank());
    }
}
