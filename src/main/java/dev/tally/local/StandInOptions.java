package dev.tally.local;

import java.util.Set;

/**
 * How the stand-in for Gcore behaves.
 *
 * @param completeAfterMillis how long a report takes
 * @param accessMillis how long an access token lives
 * @param featuresAsArray whether the features come without pages around them
 * @param featuresPageSize how many features a page has
 * @param productsWithoutFeatures by Gcore's names
 * @param csvBom whether a CSV begins with a byte order mark
 * @param csvReordered whether its columns stand in another order
 * @param rows how many rows of client 829449 a report has; 0 for as many as features
 * @param renderingFails whether no report can be downloaded
 */
record StandInOptions(long completeAfterMillis, long accessMillis, boolean featuresAsArray, int featuresPageSize,
        Set<String> productsWithoutFeatures, boolean csvBom, boolean csvReordered, int rows, boolean renderingFails) {
    private static final long HOUR_MILLIS = 3_600_000;
    private static final int PAGE_SIZE = 100;

    StandInOptions {
        productsWithoutFeatures = Set.copyOf(productsWithoutFeatures);
    }

    static StandInOptions ordinary(long completeAfterMillis) {
        return new StandInOptions(completeAfterMillis, HOUR_MILLIS, false, PAGE_SIZE, Set.of(), false, false, 0, false);
    }
}
