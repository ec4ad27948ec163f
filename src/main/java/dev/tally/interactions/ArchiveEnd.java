package dev.tally.interactions;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;

/**
 * Opens an archive only if its list of entries, which is held as long as the archive is open, is not too large (PKWARE's
 * APPNOTE, 4.3.16, end of central directory record).
 */
final class ArchiveEnd {
    private static final int SIGNATURE = 0x06054b50;
    private static final int RECORD_BYTES = 22;
    private static final int MAX_COMMENT_BYTES = 65_535;
    private static final int LIST_SIZE_OFFSET = 12;
    /** More than an entry of a workbook takes: 46 bytes, its name and a little. */
    private static final long MAX_BYTES_AN_ENTRY = 1_024;

    private ArchiveEnd() {}

    /**
     * @throws ZipException when it is no archive, or breaks off
     * @throws ProblemException when it has more entries than that
     */
    static ZipFile open(Path file, int maxEntries) throws IOException {
        if (listBytes(file) > maxEntries * MAX_BYTES_AN_ENTRY) {
            throw new ProblemException(ProblemCode.WORKBOOK_TOO_LARGE,
                    "The workbook holds more than " + maxEntries + " files.");
        }
        return new ZipFile(file.toFile());
    }

    private static long listBytes(Path file) throws IOException {
        try (RandomAccessFile archive = new RandomAccessFile(file.toFile(), "r")) {
            int length = (int) Math.min(archive.length(), RECORD_BYTES + MAX_COMMENT_BYTES);
            byte[] tail = new byte[length];
            archive.seek(archive.length() - length);
            archive.readFully(tail);
            ByteBuffer end = ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN);
            for (int at = length - RECORD_BYTES; at >= 0; at--) {
                if (end.getInt(at) == SIGNATURE) {
                    return Integer.toUnsignedLong(end.getInt(at + LIST_SIZE_OFFSET));
                }
            }
        }
        throw new ZipException("There is no end of central directory record");
    }
}
