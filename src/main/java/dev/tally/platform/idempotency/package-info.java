/** Requests that a client may send again without that anything is done twice. */
@NullMarked
package dev.tally.platform.idempotency;

import org.jspecify.annotations.NullMarked;
