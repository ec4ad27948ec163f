/** A way for the benchmarks to what only the package may use. */
@NullMarked
package dev.tally.analytics;

import org.jspecify.annotations.NullMarked;
