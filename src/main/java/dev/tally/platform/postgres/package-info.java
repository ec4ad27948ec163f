/** How the service is connected to PostgreSQL. */
@NullMarked
package dev.tally.platform.postgres;

import org.jspecify.annotations.NullMarked;
