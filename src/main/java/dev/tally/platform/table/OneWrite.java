package dev.tally.platform.table;

/** Lets an answer through that goes out in one write, and stops a longer one before any of it is sent. */
final class OneWrite implements Transport {
    private final Transport transport;
    private final BufferPool pool;

    OneWrite(Transport transport, BufferPool pool) {
        this.transport = transport;
        this.pool = pool;
    }

    @Override
    public void whole(byte[] buffer, int length) {
        transport.whole(buffer, length);
    }

    @Override
    public void chunk(byte[] buffer, int length) {
        pool.give(buffer);
        throw new TooLongException();
    }

    @Override
    public void end() {
        throw new IllegalStateException("There was no chunk");
    }

    @Override
    public void requireClient() {
        transport.requireClient();
    }

    @Override
    public void onAbandoned(Runnable task) {
        transport.onAbandoned(task);
    }

    /** The answer does not fit a buffer. */
    static final class TooLongException extends RuntimeException {
        private static final long serialVersionUID = 1;

        TooLongException() {
            // A signal, not a fault: nobody looks at its stack.
            super("The answer does not fit a buffer", null, false, false);
        }
    }
}
