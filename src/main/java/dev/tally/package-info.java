/** Tally: what was used, by whom, and what it cost. */
@NullMarked
package dev.tally;

import org.jspecify.annotations.NullMarked;
