/** How a process ends: what it still does, and until when. */
@NullMarked
package dev.tally.platform.ending;

import org.jspecify.annotations.NullMarked;
