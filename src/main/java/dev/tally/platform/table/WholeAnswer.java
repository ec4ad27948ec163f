package dev.tally.platform.table;

import java.io.ByteArrayOutputStream;

import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;

/** Gathers an answer that is bounded, instead of sending it. */
final class WholeAnswer implements Transport {
    private final BufferPool pool;
    private final int maxBytes;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    WholeAnswer(BufferPool pool, int maxBytes) {
        this.pool = pool;
        this.maxBytes = maxBytes;
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }

    @Override
    public void whole(byte[] buffer, int length) {
        chunk(buffer, length);
    }

    @Override
    public void chunk(byte[] buffer, int length) {
        boolean fits = length <= maxBytes - bytes.size();
        if (fits) {
            bytes.write(buffer, 0, length);
        }
        pool.give(buffer);
        if (!fits) {
            throw new ProblemException(ProblemCode.ANSWER_TOO_LARGE, "The answer would have more than " + maxBytes
                    + " bytes. Ask for fewer records, or for CSV, which is shorter.");
        }
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
