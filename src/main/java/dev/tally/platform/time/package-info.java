/** Clocks, dates and days of a zone. */
@NullMarked
package dev.tally.platform.time;

import org.jspecify.annotations.NullMarked;
