package dev.tally.calls;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes CDRs in PostgreSQL's binary COPY format (its documentation, COPY, "Binary Format"), in the columns
 * {@link #COLUMNS}.
 */
final class CopyEncoder {
    static final String COLUMNS = "line, source, event_id, msisdn, call_type, start_time, duration_seconds";

    private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0};
    private static final short COLUMN_COUNT = 7;
    /** More than any row has: texts of at most 32, 64 and 15 characters of at most 4 bytes, and what is fixed. */
    private static final int MAX_ROW_BYTES = 1024;
    private static final int BUFFER_BYTES = 64 * 1024;
    /** PostgreSQL counts from 2000-01-01T00:00:00Z. */
    private static final long EPOCH_MICROS = 946_684_800_000_000L;

    private final OutputStream out;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int length;

    CopyEncoder(OutputStream out) {
        this.out = out;
        System.arraycopy(SIGNATURE, 0, buffer, 0, SIGNATURE.length);
        length = SIGNATURE.length;
        int32(0);
        int32(0);
    }

    void add(Cdr cdr) throws IOException {
        if (buffer.length - length < MAX_ROW_BYTES) {
            flush();
        }
        int16(COLUMN_COUNT);
        int32(Long.BYTES);
        int64(cdr.line());
        text(cdr.source());
        text(cdr.eventId());
        text(cdr.msisdn().digits());
        text(cdr.callType().code());
        int32(Long.BYTES);
        int64(cdr.startMicros() - EPOCH_MICROS);
        int32(Integer.BYTES);
        int32(cdr.durationSeconds());
    }

    /** Writes what is left and the end; the stream stays open. */
    void finish() throws IOException {
        if (buffer.length - length < MAX_ROW_BYTES) {
            flush();
        }
        int16((short) -1);
        flush();
    }

    private void flush() throws IOException {
        out.write(buffer, 0, length);
        length = 0;
    }

    private void text(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        int32(bytes.length);
        System.arraycopy(bytes, 0, buffer, length, bytes.length);
        length += bytes.length;
    }

    private void int16(short value) {
        buffer[length++] = (byte) (value >> 8);
        buffer[length++] = (byte) value;
    }

    private void int32(int value) {
        int16((short) (value >> 16));
        int16((short) value);
    }

    private void int64(long value) {
        int32((int) (value >> 32));
        int32((int) value);
    }
}
