/** How the service is connected to PostgreSQL: by JDBC, and on the event loop by Vert.x's client. */
@NullMarked
package dev.tally.platform.postgres;

import org.jspecify.annotations.NullMarked;
