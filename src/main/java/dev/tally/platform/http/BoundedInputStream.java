package dev.tally.platform.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.function.Supplier;

/** Refuses more than so many bytes, while they come. */
public final class BoundedInputStream extends FilterInputStream {
    private final Supplier<? extends RuntimeException> refusal;
    private long leftBytes;

    /** @param refusal makes what is thrown when there are more */
    public BoundedInputStream(InputStream in, long maxBytes, Supplier<? extends RuntimeException> refusal) {
        super(in);
        this.refusal = refusal;
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
            throw refusal.get();
        }
    }
}
