/** Users, their keys, what they may spend and have spent. */
@NullMarked
package dev.tally.credits;

import org.jspecify.annotations.NullMarked;
