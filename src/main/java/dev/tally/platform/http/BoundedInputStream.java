package dev.tally.platform.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;

/** Refuses more than so many bytes, while they come. */
public final class BoundedInputStream extends FilterInputStream {
    private final String sentence;
    private long leftBytes;

    /** @param sentence what the client reads when there are more */
    public BoundedInputStream(InputStream in, long maxBytes, String sentence) {
        super(in);
        this.sentence = sentence;
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
            throw new ProblemException(ProblemCode.BODY_TOO_LARGE, sentence);
        }
    }
}
