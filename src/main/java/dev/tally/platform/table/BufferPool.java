package dev.tally.platform.table;

import java.util.concurrent.ArrayBlockingQueue;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** Buffers of one size for the next answers; thread locals would not do, because every request is a new thread. */
@ApplicationScoped
class BufferPool {
    private final ArrayBlockingQueue<byte[]> idle;
    private final int sizeBytes;

    @Inject
    BufferPool(TableConfig config) {
        this(config.bufferSizeBytes(), config.idleBuffers());
    }

    BufferPool(int sizeBytes, int idleBuffers) {
        this.sizeBytes = sizeBytes;
        this.idle = new ArrayBlockingQueue<>(idleBuffers);
    }

    /** A buffer with any content. */
    byte[] take() {
        byte[] buffer = idle.poll();
        return buffer == null ? new byte[sizeBytes] : buffer;
    }

    /** Gives back a buffer that nobody reads any more. Above the bound it is left to the garbage collector. */
    void give(byte[] buffer) {
        var unused = idle.offer(buffer);
    }
}
