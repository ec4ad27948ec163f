/** Customer contacts per channel and topic, imported from a workbook. */
@NullMarked
package dev.tally.interactions;

import org.jspecify.annotations.NullMarked;
