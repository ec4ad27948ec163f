package dev.tally.analytics;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.zip.GZIPInputStream;

/** What is in a gzip file (RFC 1952), which may have several members. */
final class GunzippedChunks implements Chunks {
    private static final int FIRST_MAGIC_BYTE = 0x1f;
    private static final int SECOND_MAGIC_BYTE = 0x8b;
    private static final int INPUT_BYTES = 1 << 16;

    private final Packed packed;
    private final GZIPInputStream unpacked;
    private final int chunkBytes;
    /** No more than the readers hold at a time. */
    private final Queue<byte[]> free = new ConcurrentLinkedQueue<>();

    /**
     * @param first the begin of the file, or all of it
     * @param others what follows; closed with this
     * @param chunkBytes how many bytes a stretch of what is unpacked has
     * @throws UncheckedIOException when it is no gzip, as reading on does
     */
    GunzippedChunks(Chunk first, Chunks others, int chunkBytes) {
        this.chunkBytes = chunkBytes;
        this.packed = new Packed(first, others);
        try {
            this.unpacked = new GZIPInputStream(packed, INPUT_BYTES);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether it begins like one; no text does, in any encoding that is read. */
    static boolean isGzip(byte[] bytes, int start, int end) {
        return end - start >= 2 && (bytes[start] & 0xff) == FIRST_MAGIC_BYTE
                && (bytes[start + 1] & 0xff) == SECOND_MAGIC_BYTE;
    }

    @Override
    public Optional<Chunk> next() {
        byte[] known = free.poll();
        byte[] bytes = known == null ? new byte[chunkBytes] : known;
        try {
            int count = unpacked.readNBytes(bytes, 0, bytes.length);
            return count == 0 ? Optional.empty() : Optional.of(new Chunk(bytes, 0, count, () -> free.add(bytes)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        packed.close();
    }

    /** The packed bytes as a stream. */
    private static final class Packed extends InputStream {
        private final Chunks others;
        private Chunk chunk;
        private int position;
        private boolean ended;

        Packed(Chunk first, Chunks others) {
            this.chunk = first;
            this.position = first.start();
            this.others = others;
        }

        /** The unpacker asks this to know whether another member follows, so it must not be 0 before the end. */
        @Override
        public int available() {
            while (position == chunk.end() && !ended) {
                chunk.giveBack();
                Optional<Chunk> next = others.next();
                ended = next.isEmpty();
                if (!ended) {
                    chunk = next.get();
                    position = chunk.start();
                }
            }
            return ended ? 0 : chunk.end() - position;
        }

        @Override
        public int read() {
            return available() == 0 ? -1 : chunk.bytes()[position++] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            int count = Math.min(available(), length);
            if (count == 0) {
                return length == 0 ? 0 : -1;
            }
            System.arraycopy(chunk.bytes(), position, target, offset, count);
            position += count;
            return count;
        }

        @Override
        public void close() {
            if (!ended) {
                ended = true;
                chunk.giveBack();
            }
            others.close();
        }
    }
}
