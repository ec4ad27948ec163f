/** Events that are told to callers by signed HTTP requests. */
@NullMarked
package dev.tally.platform.webhook;

import org.jspecify.annotations.NullMarked;
