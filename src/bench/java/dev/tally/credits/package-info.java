/** What the benchmarks borrow from credits. */
@NullMarked
package dev.tally.credits;

import org.jspecify.annotations.NullMarked;
