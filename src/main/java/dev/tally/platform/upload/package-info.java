/** Rows that come as CSV or NDJSON, read one by one while they come, and the counts of what became of uploads. */
@NullMarked
package dev.tally.platform.upload;

import org.jspecify.annotations.NullMarked;
