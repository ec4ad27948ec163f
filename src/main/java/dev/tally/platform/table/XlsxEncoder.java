package dev.tally.platform.table;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;

import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;
import org.jspecify.annotations.Nullable;

/**
 * XLSX, a few rows in memory at a time; the same rows of the same {@code as_of} are the same bytes. What Excel cannot hold exactly is text: numbers of more than 15 digits, dates
 * before March 1900, after which Excel's calendar is right, and after 9999.
 */
final class XlsxEncoder implements Encoder {
    /** The rows of a sheet below its header. */
    static final int MAX_ROWS_PER_SHEET = Worksheet.MAX_ROWS - 1;

    private static final int ROWS_PER_FLUSH = 256;
    private static final int MAX_SHEET_NAME_CHARS = 31;
    private static final int MAX_DIGITS = 15;
    private static final long MAX_INTEGER = 999_999_999_999_999L;
    private static final LocalDate FIRST_DATE = LocalDate.of(1900, 3, 1);
    private static final LocalDate LAST_DATE = LocalDate.of(9999, 12, 31);
    /** The serial number of 1970-01-01 in Excel's calendar. */
    private static final int EPOCH_DAY_SERIAL = 25_569;
    private static final long SECONDS_PER_DAY = 86_400;
    private static final double NANOS_PER_SECOND = 1e9;
    /** When a workbook of no time was made: the first day of the archive's own calendar. */
    private static final Instant NO_TIME = Instant.parse("1980-01-01T00:00:00Z");

    private final DatedWorkbook file;
    private final Workbook workbook;
    private final String name;
    private final List<Column> columns;
    private final int rowsPerSheet;
    private final NumeralCells[] numerals;
    private Instant created = NO_TIME;
    private Worksheet sheet;
    private int sheets;
    /** The row of the sheet that is being written; 0 is the header. */
    private int row;
    private int firstUnflushedRow;

    XlsxEncoder(OutputStream out, String name, List<Column> columns, int rowsPerSheet) {
        this.file = new DatedWorkbook(out);
        this.workbook = new Workbook(file, "Tally", null);
        this.name = name;
        this.columns = columns;
        this.rowsPerSheet = rowsPerSheet;
        this.numerals = Stream.generate(NumeralCells::new).limit(columns.size()).toArray(NumeralCells[]::new);
        this.sheet = nextSheet();
    }

    @Override
    public void start(@Nullable Instant asOf) {
        if (asOf != null) {
            // Some readers know no fraction of a second there.
            created = asOf.truncatedTo(ChronoUnit.SECONDS);
        }
    }

    @Override
    public void text(int column, String value) {
        sheet(column).inlineString(row, column, XlsxText.of(value));
    }

    @Override
    public void integer(int column, long value) {
        if (value >= -MAX_INTEGER && value <= MAX_INTEGER) {
            sheet(column).value(row, column, value);
        } else {
            sheet(column).inlineString(row, column, Long.toString(value));
        }
    }

    @Override
    public void decimal(int column, long unscaled, int scale) {
        decimal(column, BigDecimal.valueOf(unscaled, scale));
    }

    @Override
    public void decimal(int column, BigDecimal value) {
        BigDecimal stripped = value.stripTrailingZeros();
        if (stripped.precision() <= MAX_DIGITS) {
            sheet(column).value(row, column, stripped);
        } else {
            sheet(column).inlineString(row, column, Numerals.plain(value));
        }
    }

    @Override
    public void numeral(int column, String value) {
        if (PlainDecimal.is(value) && PlainDecimal.isExactInExcel(value)) {
            sheet(column).value(row, column, new BigDecimal(value));
            numerals[column].add(row - firstUnflushedRow, value.indexOf('.') < 0);
        } else {
            text(column, value);
        }
    }

    @Override
    public void date(int column, LocalDate value) {
        if (isInCalendar(value)) {
            sheet(column).value(row, column, (Number) (value.toEpochDay() + EPOCH_DAY_SERIAL));
        } else {
            sheet(column).inlineString(row, column, value.toString());
        }
    }

    @Override
    public void instant(int column, Instant value) {
        long epochDay = Math.floorDiv(value.getEpochSecond(), SECONDS_PER_DAY);
        if (epochDay >= FIRST_DATE.toEpochDay() && epochDay <= LAST_DATE.toEpochDay()) {
            long second = Math.floorMod(value.getEpochSecond(), SECONDS_PER_DAY);
            double dayFraction = (second + value.getNano() / NANOS_PER_SECOND) / SECONDS_PER_DAY;
            sheet(column).value(row, column, (Number) (epochDay + EPOCH_DAY_SERIAL + dayFraction));
        } else {
            sheet(column).inlineString(row, column, value.toString());
        }
    }

    @Override
    public void absent(int column) {
        var unused = sheet(column);
    }

    @Override
    public void endRow() {
        row++;
        if (row - firstUnflushedRow >= ROWS_PER_FLUSH) {
            flush();
        }
    }

    @Override
    public void finish(long rows) {
        try {
            finishSheet();
            file.endSheets();
            workbook.finish();
            file.finish(created);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of the whole workbook, once it is finished. */
    long sizeBytes() {
        return file.sizeBytes();
    }

    private static boolean isInCalendar(LocalDate date) {
        return !date.isBefore(FIRST_DATE) && !date.isAfter(LAST_DATE);
    }

    /** The sheet of the next cell: a full one is followed by another when there is indeed a further row. */
    private Worksheet sheet(int column) {
        if (column == 0 && row > rowsPerSheet) {
            try {
                finishSheet();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            sheet = nextSheet();
        }
        return sheet;
    }

    private Worksheet nextSheet() {
        sheets++;
        String suffix = sheets == 1 ? "" : " (" + sheets + ")";
        int room = MAX_SHEET_NAME_CHARS - suffix.length();
        Worksheet next = workbook.newWorksheet(name.substring(0, Math.min(name.length(), room)) + suffix);
        next.freezePane(0, 1);
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            next.inlineString(0, i, XlsxText.of(column.name()));
            next.width(i, XlsxFormats.width(column));
        }
        next.range(0, 0, 0, columns.size() - 1).style().bold().set();
        row = 1;
        firstUnflushedRow = 1;
        return next;
    }

    private void finishSheet() throws IOException {
        flush();
        sheet.finish();
    }

    /** Styles whole columns of rows at once, because a style for each cell is looked up anew, then writes them. */
    private void flush() {
        if (row > firstUnflushedRow) {
            for (int i = 0; i < columns.size(); i++) {
                style(i);
            }
        }
        try {
            sheet.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        firstUnflushedRow = row;
    }

    private void style(int column) {
        numerals[column].style(sheet, firstUnflushedRow, column);
        XlsxFormats.ofAll(columns.get(column).type()).ifPresent(
                format -> sheet.range(firstUnflushedRow, column, row - 1, column).style().format(format).set());
    }
}
