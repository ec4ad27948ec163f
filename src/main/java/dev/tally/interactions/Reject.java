package dev.tally.interactions;

import org.jspecify.annotations.Nullable;

/**
 * A row of a workbook that was not imported.
 *
 * @param row its number in Excel, from 1
 * @param column the title of the column that is wrong; null when the row is, as a whole
 * @param value what stands there, cut when it is long
 */
record Reject(String sheet, long row, @Nullable String column, @Nullable String value, String reason) {}
