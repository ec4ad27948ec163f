package dev.tally.interactions;

import jakarta.persistence.Embeddable;

/**
 * What became of the rows of a sheet: each that was read was added, updated something, left everything unchanged, or
 * was rejected.
 */
@Embeddable
record SheetCounts(String sheet, long read, long added, long updated, long unchanged, long rejected) {}
