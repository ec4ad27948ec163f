/** What the benchmarks borrow from keys. */
@NullMarked
package dev.tally.platform.idempotency;

import org.jspecify.annotations.NullMarked;
