package dev.tally.records;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Optional;

/** Reads ClickHouse's format RowBinary. What is cut off or no such thing is an {@link IllegalStateException}. */
final class RowBinaryReader {
    private static final int MAX_LENGTH_BITS = 28;

    private final ByteBuffer bytes;

    RowBinaryReader(byte[] bytes) {
        this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    boolean hasMore() {
        return bytes.hasRemaining();
    }

    /** A UInt64, as the bits of it. */
    long integer() {
        try {
            return bytes.getLong();
        } catch (BufferUnderflowException e) {
            throw broken(e);
        }
    }

    /** A Nullable(Date32). */
    Optional<LocalDate> date() {
        try {
            return bytes.get() == 0 ? Optional.of(LocalDate.ofEpochDay(bytes.getInt())) : Optional.empty();
        } catch (BufferUnderflowException e) {
            throw broken(e);
        }
    }

    /** A String. */
    String text() {
        int length = length();
        if (length > bytes.remaining()) {
            throw new IllegalStateException("An answer of ClickHouse is cut off within a text");
        }
        String text = new String(bytes.array(), bytes.position(), length, StandardCharsets.UTF_8);
        bytes.position(bytes.position() + length);
        return text;
    }

    /** Seven bits a byte, the lowest first (LEB128). */
    private int length() {
        int length = 0;
        for (int shift = 0; shift < MAX_LENGTH_BITS; shift += 7) {
            int part;
            try {
                part = bytes.get();
            } catch (BufferUnderflowException e) {
                throw broken(e);
            }
            length |= (part & 0x7F) << shift;
            if (part >= 0) {
                return length;
            }
        }
        throw new IllegalStateException("A text in an answer of ClickHouse is longer than an answer");
    }

    private static IllegalStateException broken(BufferUnderflowException cause) {
        return new IllegalStateException("An answer of ClickHouse is cut off", cause);
    }
}
