package dev.tally.platform.table;

/** Where the bytes of one answer go. Buffers become the transport's own, and may be read until it gives them back. */
interface Transport {
    /** The whole answer at once. */
    void whole(byte[] buffer, int length);

    /** The next part of an answer that does not fit one buffer; blocks while the client is slow. */
    void chunk(byte[] buffer, int length);

    /** The end, after the last chunk. */
    void end();

    /** Throws {@link java.io.UncheckedIOException} when the client is gone. */
    void requireClient();

    /** What to run, once and on another thread, when the client goes away before the answer is complete. */
    void onAbandoned(Runnable task);
}
