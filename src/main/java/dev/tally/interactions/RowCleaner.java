package dev.tally.interactions;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;

/** Cleans the rows of one sheet and hands them on; a row with a fault is rejected, whatever else is in it. */
final class RowCleaner implements SheetReader.RowHandler {
    private static final int MAX_WRITTEN_CHARACTERS = 300;

    private final SheetPlan plan;
    private final CellValues values;
    private final Names channels;
    private final Names products;
    private final ImportLog log;
    private final RowStage stage;
    private final RowCount total;
    private long read;
    private long rejected;

    /** How many rows the sheets of a workbook have together. */
    static final class RowCount {
        private final long maxRows;
        private volatile long rows;

        RowCount(long maxRows) {
            this.maxRows = maxRows;
        }

        @SuppressWarnings("NonAtomicVolatileUpdate") // One thread writes.
        private void next() {
            if (++rows > maxRows) {
                throw new ProblemException(ProblemCode.WORKBOOK_TOO_LARGE,
                        "The sheets have more than " + maxRows + " rows together. Send the workbook in parts.");
            }
        }
    }

    RowCleaner(SheetPlan plan, CellValues values, Names channels, Names products, ImportLog log, RowStage stage,
            RowCount total) {
        this.plan = plan;
        this.values = values;
        this.channels = channels;
        this.products = products;
        this.log = log;
        this.stage = stage;
        this.total = total;
    }

    /** How many rows were not blank. */
    long read() {
        return read;
    }

    long rejected() {
        return rejected;
    }

    @Override
    public void row(long row, Cell[] cells) {
        if (row <= plan.headerRow() || plan.isBlank(cells)) {
            return;
        }
        total.next();
        read++;
        try {
            boolean clean = switch (plan.kind()) {
                case CUSTOMERS -> customer(row, cells);
                case INTERACTIONS -> interaction(row, cells);
                case PRODUCTS -> discussion(row, cells);
            };
            if (clean) {
                warnOfFormulas(row, cells);
            } else {
                rejected++;
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean customer(long row, Cell[] cells) throws IOException {
        int column = 0;
        try {
            long id = values.id(plan.cell(cells, column));
            String occupation = values.text(plan.cell(cells, ++column));
            String type = values.text(plan.cell(cells, ++column));
            stage.customer(row, id, occupation, type);
            return true;
        } catch (CellFaultException fault) {
            return reject(row, cells, column, fault.reason());
        }
    }

    private boolean interaction(long row, Cell[] cells) throws IOException {
        int column = 0;
        try {
            long epochMicros = values.epochMicros(plan.cell(cells, column));
            column = 2;
            List<Long> ids = values.ids(plan.cell(cells, column));
            // Last, because a row that is rejected for something else must not bring a channel.
            column = 1;
            int channel = name(channels, plan.cell(cells, column), row);
            stage.interactions(row, ids, epochMicros, channel);
            return true;
        } catch (CellFaultException fault) {
            return reject(row, cells, column, fault.reason());
        }
    }

    private boolean discussion(long row, Cell[] cells) throws IOException {
        int column = 0;
        try {
            long month = values.monthEpochDay(plan.cell(cells, column));
            int product = name(products, plan.cell(cells, ++column), row);
            stage.discussion(row, month, product);
            return true;
        } catch (CellFaultException fault) {
            return reject(row, cells, column, fault.reason());
        }
    }

    private int name(Names names, Cell cell, long row) throws CellFaultException {
        String tidy = values.text(cell);
        if (tidy.isEmpty()) {
            throw new CellFaultException("is missing");
        }
        // As it is written, so that people are told of it; but blanks without end are not worth it.
        return names.index(cell.text().length() > MAX_WRITTEN_CHARACTERS ? tidy : cell.text(), row);
    }

    private boolean reject(long row, Cell[] cells, int column, String reason) {
        log.reject(plan, row, column, plan.cell(cells, column).text(), reason);
        return false;
    }

    private void warnOfFormulas(long row, Cell[] cells) {
        for (int column = 0; column < plan.columns().size(); column++) {
            if (plan.cell(cells, column).formula()) {
                log.warn(plan.sheet().name(), row, plan.kind().columns().get(column),
                        "The cell is a formula. What Excel had reckoned when the workbook was saved was read.");
            }
        }
    }
}
