package dev.tally.analytics;

import java.util.Optional;

/** The bytes of a CSV file in stretches, in order. */
interface Chunks extends AutoCloseable {
    /** Blocks until the next stretch is there; empty at the end. */
    Optional<Chunk> next();

    @Override
    void close();

    /** A stretch. Its bytes are the taker's until it gives them back. */
    final class Chunk {
        private final byte[] bytes;
        private final int start;
        private final int end;
        private final Runnable givenBack;

        /**
         * @param end exclusive
         * @param givenBack what to run when the bytes are needed no longer
         */
        Chunk(byte[] bytes, int start, int end, Runnable givenBack) {
            this.bytes = bytes;
            this.start = start;
            this.end = end;
            this.givenBack = givenBack;
        }

        byte[] bytes() {
            return bytes;
        }

        int start() {
            return start;
        }

        int end() {
            return end;
        }

        /** The same without what is before. */
        Chunk from(int begin) {
            return new Chunk(bytes, begin, end, givenBack);
        }

        void giveBack() {
            givenBack.run();
        }
    }
}
