/**
 * Benchmarks and their peers, run by {@code ./mvnw -Pbench verify -Dbench=NAME}; {@link dev.tally.bench.Bench} knows the
 * names. Nothing of this is in the packaged application.
 */
@NullMarked
package dev.tally.bench;

import org.jspecify.annotations.NullMarked;
