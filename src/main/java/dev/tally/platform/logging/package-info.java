/** Levels of the log that an administrator changes for a while, in all processes. */
@NullMarked
package dev.tally.platform.logging;

import org.jspecify.annotations.NullMarked;
