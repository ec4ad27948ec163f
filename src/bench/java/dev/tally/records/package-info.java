/** What the benchmarks borrow from records. */
@NullMarked
package dev.tally.records;

import org.jspecify.annotations.NullMarked;
