package dev.tally.records;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Optional;

/** Records on their way to ClickHouse, in its format RowBinary: those of the columns of {@link RecordLoadQueries}. */
final class RecordBlock {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final ByteBuffer number = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private int rows;

    /** @param version the higher, the later; of the same key the highest holds */
    void add(CanonicalRecord content, long version) {
        text(content.canonicalKey());
        text(content.name());
        text(content.email());
        text(content.phone());
        date(content.dob());
        bytes.write(number.putLong(0, version).array(), 0, Long.BYTES);
        rows++;
    }

    int rows() {
        return rows;
    }

    int sizeBytes() {
        return bytes.size();
    }

    /** What was added; the block is empty then. */
    byte[] take() {
        byte[] taken = bytes.toByteArray();
        bytes.reset();
        rows = 0;
        return taken;
    }

    private void text(String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        int left = encoded.length;
        // Seven bits a byte, the lowest first (LEB128).
        while (left > 0x7F) {
            bytes.write((left & 0x7F) | 0x80);
            left >>>= 7;
        }
        bytes.write(left);
        bytes.write(encoded, 0, encoded.length);
    }

    private void date(Optional<LocalDate> date) {
        bytes.write(date.isPresent() ? 0 : 1);
        date.ifPresent(day -> bytes.write(number.putInt(0, Math.toIntExact(day.toEpochDay())).array(), 0,
                Integer.BYTES));
    }
}
