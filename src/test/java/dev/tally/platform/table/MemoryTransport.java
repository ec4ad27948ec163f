package dev.tally.platform.table;

import java.io.ByteArrayOutputStream;

/** An answer that stays in memory. */
final class MemoryTransport implements Transport {
    private final BufferPool pool;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private boolean complete;

    MemoryTransport(BufferPool pool) {
        this.pool = pool;
    }

    byte[] completeAnswer() {
        if (!complete) {
            throw new IllegalStateException("The answer was not ended");
        }
        return bytes.toByteArray();
    }

    @Override
    public void whole(byte[] buffer, int length) {
        chunk(buffer, length);
        complete = true;
    }

    @Override
    public void chunk(byte[] buffer, int length) {
        bytes.write(buffer, 0, length);
        pool.give(buffer);
    }

    @Override
    public void end() {
        complete = true;
    }

    @Override
    public void requireClient() {
        // Memory never goes away.
    }

    @Override
    public void onAbandoned(Runnable task) {
        // Memory never goes away.
    }
}
