/** Rows that come as CSV or NDJSON, read one by one while they come. */
@NullMarked
package dev.tally.platform.upload;

import org.jspecify.annotations.NullMarked;
