/** Figures over CSV files in S3: a catalogue of metrics, declared in the configuration. */
@NullMarked
package dev.tally.analytics;

import org.jspecify.annotations.NullMarked;
