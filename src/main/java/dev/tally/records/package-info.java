/** The records that consumers pay for: found and loaded in ClickHouse. */
@NullMarked
package dev.tally.records;

import org.jspecify.annotations.NullMarked;
