package dev.tally.platform.table;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A small ZIP archive without comment, as a part of a larger one. */
final class MovedArchive {
    private final ByteBuffer bytes;

    MovedArchive(byte[] archive) {
        this.bytes = ByteBuffer.wrap(archive.clone()).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Its bytes with every offset larger by so much. */
    byte[] by(long distance) {
        int end = bytes.capacity() - 22;
        int records = bytes.getShort(end + 10);
        int record = end - bytes.getInt(end + 12);
        for (int i = 0; i < records; i++) {
            move(record + 42, distance);
            record += 46 + bytes.getShort(record + 28) + bytes.getShort(record + 30);
        }
        move(end + 16, distance);
        return bytes.array();
    }

    private void move(int at, long distance) {
        bytes.putInt(at, (int) (bytes.getInt(at) + distance));
    }
}
