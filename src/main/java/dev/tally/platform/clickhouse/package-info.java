/** How ClickHouse is asked: statements by its HTTP interface, with bounds. */
@NullMarked
package dev.tally.platform.clickhouse;

import org.jspecify.annotations.NullMarked;
