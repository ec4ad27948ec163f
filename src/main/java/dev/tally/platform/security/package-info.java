/** Who may call, and the roles. */
@NullMarked
package dev.tally.platform.security;

import org.jspecify.annotations.NullMarked;
