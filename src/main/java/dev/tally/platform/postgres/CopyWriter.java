package dev.tally.platform.postgres;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes rows in PostgreSQL's binary COPY format (its documentation, COPY, "Binary Format"): {@link #row}, then a value
 * for each of its columns, of the very type that the column has.
 */
public final class CopyWriter {
    private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xFF, '\r', '\n', 0};
    private static final int BUFFER_BYTES = 64 * 1024;
    /** PostgreSQL counts from 2000-01-01T00:00:00Z. */
    private static final long EPOCH_MICROS = 946_684_800_000_000L;
    private static final int EPOCH_DAY = 10_957;
    private static final int ABSENT = -1;

    private final OutputStream out;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int length;

    public CopyWriter(OutputStream out) {
        this.out = out;
        System.arraycopy(SIGNATURE, 0, buffer, 0, SIGNATURE.length);
        length = SIGNATURE.length;
        int32(0);
        int32(0);
    }

    /** Before the values of a row. */
    public void row(int columns) throws IOException {
        require(Short.BYTES);
        int16((short) columns);
    }

    /** For text. */
    public void text(String value) throws IOException {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        require(Integer.BYTES);
        int32(bytes.length);
        if (bytes.length > buffer.length - length) {
            flush();
        }
        if (bytes.length > buffer.length) {
            out.write(bytes);
        } else {
            System.arraycopy(bytes, 0, buffer, length, bytes.length);
            length += bytes.length;
        }
    }

    /** For bigint. */
    public void bigint(long value) throws IOException {
        require(Integer.BYTES + Long.BYTES);
        int32(Long.BYTES);
        int64(value);
    }

    /** For integer. */
    public void integer(int value) throws IOException {
        require(Integer.BYTES + Integer.BYTES);
        int32(Integer.BYTES);
        int32(value);
    }

    /**
     * For timestamptz.
     *
     * @param epochMicros microseconds since 1970-01-01T00:00:00Z
     */
    public void timestamp(long epochMicros) throws IOException {
        bigint(epochMicros - EPOCH_MICROS);
    }

    /** For date. */
    public void date(long epochDay) throws IOException {
        integer((int) (epochDay - EPOCH_DAY));
    }

    /** For any type: NULL. */
    public void absent() throws IOException {
        require(Integer.BYTES);
        int32(ABSENT);
    }

    /** Writes what is left and the end; the stream stays open. */
    public void finish() throws IOException {
        row(-1);
        flush();
    }

    private void require(int bytes) throws IOException {
        if (buffer.length - length < bytes) {
            flush();
        }
    }

    private void flush() throws IOException {
        out.write(buffer, 0, length);
        length = 0;
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
