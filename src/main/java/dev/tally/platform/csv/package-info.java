/** Finds the fields of CSV in bytes. */
@NullMarked
package dev.tally.platform.csv;

import org.jspecify.annotations.NullMarked;
