package dev.tally.platform.upload;

import java.io.IOException;
import java.io.InputStream;

/** Cuts a stream into lines that end with LF or CR LF, without making objects of them. A longer line is skipped. */
final class LineReader {
    private final InputStream stream;
    private final byte[] buffer;
    private final int maxLineBytes;
    private int start;
    private int end;
    private int next;
    private int filled;
    private long number;
    private boolean tooLong;
    private boolean exhausted;

    LineReader(InputStream stream, int maxLineBytes) {
        this.stream = stream;
        this.maxLineBytes = maxLineBytes;
        // Room for the longest line with its line end, and for as much as it pays to read at once.
        this.buffer = new byte[Math.max(maxLineBytes + 2, 64 * 1024)];
    }

    /** Moves to the next line; false at the end. */
    boolean next() throws IOException {
        tooLong = false;
        start = next;
        int scanned = next;
        while (true) {
            for (; scanned < filled; scanned++) {
                if (buffer[scanned] == '\n') {
                    finish(scanned, scanned + 1);
                    return true;
                }
            }
            if (exhausted) {
                boolean rest = start < filled || tooLong;
                finish(filled, filled);
                return rest;
            }
            if (scanned - start > maxLineBytes + 1) {
                tooLong = true;
                start = scanned;
            }
            scanned -= makeRoom();
            int count = stream.read(buffer, filled, buffer.length - filled);
            exhausted = count < 0;
            filled += Math.max(count, 0);
        }
    }

    private void finish(int lineEnd, int following) {
        end = lineEnd > start && buffer[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd;
        tooLong |= end - start > maxLineBytes;
        next = following;
        number++;
    }

    /** Moves what is read of the line to the front; gives by how much. */
    private int makeRoom() {
        int moved = start;
        System.arraycopy(buffer, start, buffer, 0, filled - start);
        filled -= moved;
        start = 0;
        return moved;
    }

    boolean isTooLong() {
        return tooLong;
    }

    boolean isBlank() {
        for (int i = start; i < end; i++) {
            if (buffer[i] != ' ' && buffer[i] != '\t') {
                return false;
            }
        }
        return true;
    }

    /** From 1. */
    long number() {
        return number;
    }

    byte[] buffer() {
        return buffer;
    }

    int offset() {
        return start;
    }

    int length() {
        return end - start;
    }
}
