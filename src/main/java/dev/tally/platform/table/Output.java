package dev.tally.platform.table;

import java.io.OutputStream;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;

/**
 * The bytes of one answer, gathered in buffers. The first buffer is kept until the answer is complete or does not fit,
 * so that a fault before that can still become a problem.
 */
final class Output extends OutputStream {
    /** How many characters are encoded between two looks at the room that is left; 6 bytes each at most. */
    static final int SLICE_CHARS = 512;
    /** Of a character, however it is escaped. */
    static final int MAX_CHAR_BYTES = 6;

    private final BufferPool pool;
    private final Transport transport;
    private byte[] buffer;
    private int length;
    private boolean chunked;

    Output(BufferPool pool, Transport transport) {
        this.pool = pool;
        this.transport = transport;
        this.buffer = pool.take();
    }

    /** Makes room for that many bytes, which must fit an empty buffer. The caller writes at {@link #length()}. */
    byte[] room(int bytes) {
        if (buffer.length - length < bytes) {
            sendChunk();
        }
        return buffer;
    }

    /** Makes room for a slice of characters, however they are escaped. */
    byte[] roomForSlice() {
        return room((SLICE_CHARS + 1) * MAX_CHAR_BYTES);
    }

    int length() {
        return length;
    }

    /** Says where the caller's bytes end. */
    void length(int newLength) {
        length = newLength;
    }

    @Override
    public void write(int b) {
        room(1)[length++] = (byte) b;
    }

    @Override
    public void write(byte[] bytes) {
        write(bytes, 0, bytes.length);
    }

    @Override
    public void write(byte[] bytes, int offset, int count) {
        int from = offset;
        int left = count;
        while (left > 0) {
            int part = Math.min(left, buffer.length - length);
            System.arraycopy(bytes, from, buffer, length, part);
            length += part;
            from += part;
            left -= part;
            if (left > 0) {
                sendChunk();
            }
        }
    }

    /** Nothing goes out before the buffer is full: a library's own flushes would make a packet each. */
    @Override
    public void flush() {}

    void ascii(String text) {
        for (int i = 0; i < text.length(); i++) {
            write(text.charAt(i));
        }
    }

    void integer(long value) {
        byte[] target = room(Numerals.MAX_BYTES);
        length = Numerals.integer(value, target, length);
    }

    /** What stands before it, and an integer: most of what a table has, so at once where there is room. */
    void integer(byte[] before, long value) {
        if (buffer.length - length < before.length + Numerals.MAX_BYTES) {
            write(before);
            integer(value);
            return;
        }
        System.arraycopy(before, 0, buffer, length, before.length);
        length = Numerals.integer(value, buffer, length + before.length);
    }

    void decimal(long unscaled, int scale) {
        if (Numerals.fits(unscaled, scale)) {
            byte[] target = room(Numerals.MAX_BYTES);
            length = Numerals.decimal(unscaled, scale, target, length);
        } else {
            decimal(BigDecimal.valueOf(unscaled, scale));
        }
    }

    void decimal(BigDecimal value) {
        ascii(Numerals.plain(value));
    }

    void date(LocalDate value) {
        byte[] target = room(Numerals.MAX_BYTES);
        length = Numerals.date(value, target, length);
    }

    void instant(Instant value) {
        byte[] target = room(Numerals.MAX_BYTES);
        length = Numerals.instant(value, target, length);
    }

    /** Sends what is left. The answer is complete. */
    void finish() {
        byte[] last = buffer;
        int count = length;
        buffer = Numerals.NO_BYTES;
        length = 0;
        if (!chunked) {
            transport.whole(last, count);
            return;
        }
        if (count > 0) {
            transport.chunk(last, count);
        } else {
            pool.give(last);
        }
        transport.end();
    }

    /** Drops what has not been sent, after a fault or when there is no body to send. */
    void discard() {
        if (buffer.length > 0) {
            pool.give(buffer);
        }
        buffer = Numerals.NO_BYTES;
        length = 0;
    }

    private void sendChunk() {
        byte[] full = buffer;
        int count = length;
        buffer = Numerals.NO_BYTES;
        length = 0;
        chunked = true;
        transport.chunk(full, count);
        buffer = pool.take();
    }
}
