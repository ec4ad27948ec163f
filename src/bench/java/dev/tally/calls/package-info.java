/** What the benchmarks borrow from call usage. */
@NullMarked
package dev.tally.calls;

import org.jspecify.annotations.NullMarked;
