package dev.tally.platform.table;

import java.util.ArrayList;
import java.util.List;

import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;

/** Gathers an answer that is bounded, instead of sending it. */
final class WholeAnswer implements Transport {
    private final BufferPool pool;
    private final int maxBytes;
    private final List<Part> parts = new ArrayList<>();
    private int sizeBytes;

    WholeAnswer(BufferPool pool, int maxBytes) {
        this.pool = pool;
        this.maxBytes = maxBytes;
    }

    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Part(byte[] buffer, int length) {}

    /** All of it, once. */
    byte[] bytes() {
        byte[] all = new byte[sizeBytes];
        int at = 0;
        for (Part part : parts) {
            System.arraycopy(part.buffer(), 0, all, at, part.length());
            at += part.length();
            pool.give(part.buffer());
        }
        parts.clear();
        return all;
    }

    @Override
    public void whole(byte[] buffer, int length) {
        chunk(buffer, length);
    }

    @Override
    public void chunk(byte[] buffer, int length) {
        if (length > maxBytes - sizeBytes) {
            pool.give(buffer);
            throw new ProblemException(ProblemCode.ANSWER_TOO_LARGE, "The answer would have more than " + maxBytes
                    + " bytes. Ask for fewer records, or for CSV, which is shorter.");
        }
        parts.add(new Part(buffer, length));
        sizeBytes += length;
    }

    @Override
    public void end() {
        // The chunks were everything.
    }

    @Override
    public void requireClient() {
        // Nobody waits for a part of it.
    }

    @Override
    public void onAbandoned(Runnable task) {
        // Nobody waits for a part of it.
    }
}
