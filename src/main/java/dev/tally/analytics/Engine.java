package dev.tally.analytics;

import java.util.List;

import dev.tally.platform.problem.ProblemException;

/** Reads objects and gives the figures of a metric; every engine gives the same. */
interface Engine {
    /** Which datasets it is for. */
    EngineKind kind();

    /**
     * Blocks for as long as reading takes.
     *
     * @param objects in the order of their keys, at least one
     * @param progress is told of bytes as they are read, where the engine knows
     * @return with groups as {@link Figures#of} has them
     * @throws ObjectChangedException when an object is no longer the one that was given, or is gone
     * @throws ProblemException when the objects cannot be read, or not be understood
     */
    Figures compute(Metric metric, List<StoredObject> objects, Progress progress);

    /** Follows a reading, from several threads at once. */
    @FunctionalInterface
    interface Progress {
        /** May throw, to end the reading. */
        void advanced(long bytes);
    }
}
