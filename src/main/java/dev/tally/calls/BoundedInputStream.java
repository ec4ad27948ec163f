package dev.tally.calls;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;

/** Refuses more than so many bytes; a small compressed upload can hold a very large one. */
final class BoundedInputStream extends FilterInputStream {
    private final long maxBytes;
    private long leftBytes;

    BoundedInputStream(InputStream in, long maxBytes) {
        super(in);
        this.maxBytes = maxBytes;
        this.leftBytes = maxBytes;
    }

    @Override
    public int read() throws IOException {
        int value = super.read();
        count(value < 0 ? 0 : 1);
        return value;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int count = super.read(buffer, offset, length);
        count(Math.max(count, 0));
        return count;
    }

    private void count(int bytes) {
        leftBytes -= bytes;
        if (leftBytes < 0) {
            throw new ProblemException(ProblemCode.BODY_TOO_LARGE, "The upload has more than " + maxBytes
                    + " bytes when unpacked. Send it in parts. Nothing was loaded.");
        }
    }
}
