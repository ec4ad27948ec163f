/** What every request goes through: its id, the access log, security headers, the choice of a format. */
@NullMarked
package dev.tally.platform.http;

import org.jspecify.annotations.NullMarked;
