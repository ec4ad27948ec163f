package dev.tally.platform.table;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;

/**
 * A workbook on its way out, which is said to be made at a given time: fastexcel knows no other than that of writing, by
 * which two of the same table would differ. The sheets pass through. What follows them is some kilobytes, and held until
 * it is complete.
 */
final class DatedWorkbook extends OutputStream {
    private final OutputStream out;
    private final ByteArrayOutputStream end = new ByteArrayOutputStream();
    private boolean afterSheets;
    private long sizeBytes;

    DatedWorkbook(OutputStream out) {
        this.out = out;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[]{(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) throws IOException {
        if (afterSheets) {
            end.write(bytes, offset, count);
        } else {
            out.write(bytes, offset, count);
            sizeBytes += count;
        }
    }

    /** After the last sheet, before anything else is written. */
    void endSheets() {
        afterSheets = true;
    }

    /** After everything. */
    void finish(Instant created) throws IOException {
        byte[] dated = new WorkbookEnd(end.toByteArray(), sizeBytes).dated(created);
        out.write(dated);
        sizeBytes += dated.length;
    }

    /** How much of the workbook has been written. */
    long sizeBytes() {
        return sizeBytes;
    }
}
