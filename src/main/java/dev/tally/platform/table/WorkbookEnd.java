package dev.tally.platform.table;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.zip.CRC32;

/**
 * The last parts of a workbook, which is a ZIP archive (PKWARE's APPNOTE, section 4.3), and the archive's directory.
 * Numbers in it have their lowest byte first.
 */
final class WorkbookEnd {
    /** The part that says when a workbook was made (ECMA-376, part 2, section 11). */
    private static final String CORE_PROPERTIES = "docProps/core.xml";

    private static final int ENTRY_SIGNATURE = 0x04034B50;
    private static final int ENTRY_BYTES = 30;
    private static final short VERSION = 20;

    private static final int RECORD_SIGNATURE = 0x02014B50;
    private static final int RECORD_BYTES = 46;
    private static final int RECORD_FLAGS = 8;
    private static final int RECORD_METHOD = 10;
    private static final int RECORD_CRC = 16;
    private static final int RECORD_PACKED_BYTES = 20;
    private static final int RECORD_UNPACKED_BYTES = 24;
    private static final int RECORD_NAME_LENGTH = 28;
    private static final int RECORD_EXTRA_LENGTH = 30;
    private static final int RECORD_OFFSET = 42;

    private static final int END_SIGNATURE = 0x06054B50;
    private static final int END_BYTES = 22;
    private static final int END_RECORDS_OFFSET = 16;

    private final ByteBuffer bytes;
    private final int startsAt;
    private final int end;
    private final int records;

    /** @param startsAt how many bytes of the archive stand before these */
    WorkbookEnd(byte[] bytes, long startsAt) {
        this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        // Offsets are numbers of 32 bits, and may be above those of an int: only differences are looked at.
        this.startsAt = (int) startsAt;
        this.end = bytes.length - END_BYTES;
        require(end, END_SIGNATURE);
        this.records = this.bytes.getInt(end + END_RECORDS_OFFSET) - this.startsAt;
    }

    /** The same with another time at which the workbook was made. */
    byte[] dated(Instant created) {
        int record = coreProperties();
        int next = record + recordBytes(record);
        int from = bytes.getInt(record + RECORD_OFFSET) - startsAt;
        int to = next == end ? records : bytes.getInt(next + RECORD_OFFSET) - startsAt;
        byte[] content = content(created);
        byte[] entry = entry(content);
        int growth = entry.length - (to - from);
        bytes.putShort(record + RECORD_FLAGS, (short) 0).putShort(record + RECORD_METHOD, (short) 0)
                .putInt(record + RECORD_CRC, crc(content)).putInt(record + RECORD_PACKED_BYTES, content.length)
                .putInt(record + RECORD_UNPACKED_BYTES, content.length);
        for (int later = next; later < end; later += recordBytes(later)) {
            bytes.putInt(later + RECORD_OFFSET, bytes.getInt(later + RECORD_OFFSET) + growth);
        }
        bytes.putInt(end + END_RECORDS_OFFSET, records + startsAt + growth);
        return ByteBuffer.allocate(bytes.capacity() + growth).put(bytes.array(), 0, from).put(entry)
                .put(bytes.array(), to, bytes.capacity() - to).array();
    }

    private int coreProperties() {
        for (int record = records; record < end; record += recordBytes(record)) {
            require(record, RECORD_SIGNATURE);
            int length = bytes.getShort(record + RECORD_NAME_LENGTH);
            String name = new String(bytes.array(), record + RECORD_BYTES, length, StandardCharsets.US_ASCII);
            if (name.equals(CORE_PROPERTIES)) {
                return record;
            }
        }
        throw new IllegalStateException("The workbook has no part " + CORE_PROPERTIES);
    }

    private int recordBytes(int record) {
        return RECORD_BYTES + bytes.getShort(record + RECORD_NAME_LENGTH)
                + bytes.getShort(record + RECORD_EXTRA_LENGTH);
    }

    private void require(int at, int signature) {
        if (at < 0 || bytes.getInt(at) != signature) {
            throw new IllegalStateException("The end of the workbook is not as expected");
        }
    }

    /** Not packed: so its sizes stand before it, and no table of what follows is needed. */
    private static byte[] entry(byte[] content) {
        byte[] name = CORE_PROPERTIES.getBytes(StandardCharsets.US_ASCII);
        short none = 0;
        return ByteBuffer.allocate(ENTRY_BYTES + name.length + content.length).order(ByteOrder.LITTLE_ENDIAN)
                .putInt(ENTRY_SIGNATURE).putShort(VERSION)
                // Flags, method, and the time and date of the file.
                .putShort(none).putShort(none).putShort(none).putShort(none)
                .putInt(crc(content)).putInt(content.length).putInt(content.length)
                .putShort((short) name.length).putShort(none).put(name).put(content).array();
    }

    private static byte[] content(Instant created) {
        return """
               <?xml version="1.0" encoding="UTF-8" standalone="yes"?>
               <cp:coreProperties \
               xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" \
               xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" \
               xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:creator>Tally</dc:creator>\
               <dcterms:created xsi:type="dcterms:W3CDTF">%s</dcterms:created></cp:coreProperties>\
               """.formatted(created).getBytes(StandardCharsets.UTF_8);
    }

    private static int crc(byte[] content) {
        CRC32 crc = new CRC32();
        crc.update(content);
        return (int) crc.getValue();
    }
}
