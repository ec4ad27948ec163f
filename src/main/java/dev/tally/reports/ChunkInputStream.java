package dev.tally.reports;

import java.io.InputStream;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntFunction;

/** One stream out of pieces that are asked for one after another; it ends where there is none. */
final class ChunkInputStream extends InputStream {
    private final IntFunction<Optional<byte[]>> chunks;
    private byte[] chunk = {};
    private int at;
    private int place;
    private boolean ended;

    ChunkInputStream(IntFunction<Optional<byte[]>> chunks) {
        this.chunks = chunks;
    }

    @Override
    public int read() {
        return advance() ? Byte.toUnsignedInt(chunk[at++]) : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, target.length);
        if (length == 0) {
            return 0;
        }
        if (!advance()) {
            return -1;
        }
        int count = Math.min(length, chunk.length - at);
        System.arraycopy(chunk, at, target, offset, count);
        at += count;
        return count;
    }

    /** What can be had without asking for another piece; gzip's reader looks here whether another member follows. */
    @Override
    public int available() {
        return chunk.length - at;
    }

    private boolean advance() {
        while (at == chunk.length && !ended) {
            Optional<byte[]> next = chunks.apply(place++);
            ended = next.isEmpty();
            chunk = next.orElse(new byte[0]);
            at = 0;
        }
        return !ended;
    }
}
