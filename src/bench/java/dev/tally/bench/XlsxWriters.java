package dev.tally.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;

import org.apache.poi.ss.usermodel.CellStyle;
import org.apache.poi.xssf.streaming.SXSSFCell;
import org.apache.poi.xssf.streaming.SXSSFRow;
import org.apache.poi.xssf.streaming.SXSSFSheet;
import org.apache.poi.xssf.streaming.SXSSFWorkbook;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;

/** Which library writes a million rows of ten mixed columns best; docs/adr/0003-xlsx-writer.md has the outcome. */
final class XlsxWriters {
    private static final int ROWS = 1_000_000;
    private static final int COLUMNS = 10;
    private static final int ROWS_IN_MEMORY = 256;
    private static final long NANOS_PER_MILLI = 1_000_000;
    private static final String MAX_HEAP = "-Xmx256m";

    private XlsxWriters() {}

    static ResultTable run(Path buildDirectory, Postgres postgres, Sizes sizes)
            throws IOException, InterruptedException {
        ResultTable results = new ResultTable("writer", "first run, s", "second run, s", "size, MiB",
                "peak heap after a collection, MiB", "peak heap, MiB");
        for (String writer : List.of("fastexcel", "sxssf")) {
            Path log = ServerProcess.directory(buildDirectory).resolve("gc-xlsx-" + writer + ".log");
            String[] printed = Jvm.run(XlsxWriters.class, List.of(MAX_HEAP, GcLog.option(log)), writer).split(" ", -1);
            results.add(writer, seconds(printed[0]), seconds(printed[1]), Long.parseLong(printed[2]) >> 20,
                    GcLog.peakAfterCollectionMebibytes(log), GcLog.peakMebibytes(log));
        }
        return results;
    }

    private static String seconds(String millis) {
        return String.valueOf(Long.parseLong(millis) / 1000.0);
    }

    /** In the child: writes twice, prints the two times in milliseconds and the size in bytes. */
    public static void main(String[] arguments) throws IOException {
        long first = measure(arguments[0], new CountingStream());
        CountingStream out = new CountingStream();
        long second = measure(arguments[0], out);
        System.out.println(first + " " + second + " " + out.bytes);
    }

    private static long measure(String writer, CountingStream out) throws IOException {
        long start = System.nanoTime();
        if (writer.equals("sxssf")) {
            writeWithSxssf(out);
        } else {
            writeWithFastexcel(out);
        }
        return (System.nanoTime() - start) / NANOS_PER_MILLI;
    }

    private static void writeWithFastexcel(OutputStream out) throws IOException {
        Workbook workbook = new Workbook(out, "bench", null);
        Worksheet sheet = workbook.newWorksheet("rows");
        sheet.freezePane(0, 1);
        for (int c = 0; c < COLUMNS; c++) {
            sheet.inlineString(0, c, "column " + c);
            sheet.width(c, 20);
        }
        sheet.range(0, 0, 0, COLUMNS - 1).style().bold().set();
        int unflushed = 1;
        for (int r = 1; r <= ROWS; r++) {
            sheet.inlineString(r, 0, text(r));
            sheet.value(r, 1, date(r));
            for (int c = 2; c < 8; c++) {
                sheet.value(r, c, (long) r * c);
            }
            sheet.value(r, 8, r / 4.0);
            sheet.value(r, 9, time(r));
            if (r - unflushed == ROWS_IN_MEMORY || r == ROWS) {
                sheet.range(unflushed, 1, r, 1).style().format("yyyy-mm-dd").set();
                sheet.range(unflushed, 9, r, 9).style().format("yyyy-mm-dd hh:mm:ss").set();
                sheet.flush();
                unflushed = r + 1;
            }
        }
        sheet.finish();
        workbook.finish();
    }

    private static void writeWithSxssf(OutputStream out) throws IOException {
        try (SXSSFWorkbook workbook = new SXSSFWorkbook(ROWS_IN_MEMORY)) {
            workbook.setCompressTempFiles(false);
            CellStyle dates = workbook.createCellStyle();
            dates.setDataFormat(workbook.createDataFormat().getFormat("yyyy-mm-dd"));
            CellStyle times = workbook.createCellStyle();
            times.setDataFormat(workbook.createDataFormat().getFormat("yyyy-mm-dd hh:mm:ss"));
            SXSSFSheet sheet = workbook.createSheet("rows");
            sheet.createFreezePane(0, 1);
            SXSSFRow header = sheet.createRow(0);
            for (int c = 0; c < COLUMNS; c++) {
                header.createCell(c).setCellValue("column " + c);
                sheet.setColumnWidth(c, 20 * 256);
            }
            for (int r = 1; r <= ROWS; r++) {
                SXSSFRow row = sheet.createRow(r);
                row.createCell(0).setCellValue(text(r));
                SXSSFCell date = row.createCell(1);
                date.setCellValue(date(r));
                date.setCellStyle(dates);
                for (int c = 2; c < 8; c++) {
                    row.createCell(c).setCellValue((double) ((long) r * c));
                }
                row.createCell(8).setCellValue(r / 4.0);
                SXSSFCell time = row.createCell(9);
                time.setCellValue(time(r));
                time.setCellStyle(times);
            }
            workbook.write(out);
        }
    }

    private static String text(int row) {
        return "76430080" + (10_000 + row % 1000);
    }

    private static LocalDate date(int row) {
        return LocalDate.ofEpochDay(19_000 + row % 1000);
    }

    private static LocalDateTime time(int row) {
        return LocalDateTime.ofInstant(Instant.ofEpochSecond(1_700_000_000L + row), ZoneOffset.UTC);
    }

    /** Counts what it drops. */
    private static final class CountingStream extends OutputStream {
        private long bytes;

        @Override
        public void write(int b) {
            bytes++;
        }

        @Override
        public void write(byte[] buffer, int offset, int count) {
            bytes += count;
        }
    }
}
