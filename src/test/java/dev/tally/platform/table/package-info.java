@NullMarked
package dev.tally.platform.table;

import org.jspecify.annotations.NullMarked;
