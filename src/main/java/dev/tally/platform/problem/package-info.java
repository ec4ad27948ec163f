/** RFC 9457 problems: the one form of every fault that a client sees. */
@NullMarked
package dev.tally.platform.problem;

import org.jspecify.annotations.NullMarked;
