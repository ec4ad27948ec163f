package dev.tally.interactions;

import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;

/** What the reading of one workbook may cost, and how far it is. Written by the thread that reads, read by others. */
final class ReadBudget {
    private static final long NANOS_A_SECOND = 1_000_000_000;

    private final int maxSeconds;
    private final long startNanos = System.nanoTime();
    private volatile long unpackedBytes;
    private volatile boolean cancelled;

    ReadBudget(int maxSeconds) {
        this.maxSeconds = maxSeconds;
    }

    /** Ends the reading at its next step, from another thread. */
    void cancel() {
        cancelled = true;
    }

    /** @throws ProblemException when it takes too long, or is not wanted any more */
    void check() {
        if (cancelled) {
            throw new ProblemException(ProblemCode.IMPORT_INTERRUPTED,
                    "The service was stopped during the import. Nothing was stored. Send the workbook again.");
        }
        if (System.nanoTime() - startNanos > maxSeconds * NANOS_A_SECOND) {
            throw new ProblemException(ProblemCode.WORKBOOK_TOO_LARGE,
                    "The import took longer than " + maxSeconds + " seconds. Send the workbook in parts.");
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // One thread writes.
    void unpacked(int bytes) {
        unpackedBytes += bytes;
        check();
    }

    long unpackedBytes() {
        return unpackedBytes;
    }
}
