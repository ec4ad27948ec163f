/** What all meters have in common. */
@NullMarked
package dev.tally.platform.metrics;

import org.jspecify.annotations.NullMarked;
