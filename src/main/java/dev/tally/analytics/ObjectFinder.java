package dev.tally.analytics;

import java.util.List;

import dev.tally.platform.problem.ProblemException;

/** Knows which objects a dataset has now. */
@FunctionalInterface
interface ObjectFinder {
    /**
     * Asks the store, and blocks meanwhile.
     *
     * @return in the order of their keys, at least one
     * @throws ProblemException when there is none, or the store does not say
     */
    List<StoredObject> find(Dataset dataset);
}
