/** Tables: the one way in which every job answers JSON, CSV and XLSX. */
@NullMarked
package dev.tally.platform.table;

import org.jspecify.annotations.NullMarked;
