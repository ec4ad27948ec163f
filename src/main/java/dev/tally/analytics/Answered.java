package dev.tally.analytics;

import java.time.Instant;

/**
 * Figures, and of what.
 *
 * @param version the objects that they were read from
 * @param state which state of the metric this is: the same for the same objects and the same definition
 */
record Answered(Figures figures, DatasetVersion version, long state) {
    /** When the data last changed: the same data gives the same bytes, whichever process answers. */
    Instant asOf() {
        return version.lastModified();
    }
}
