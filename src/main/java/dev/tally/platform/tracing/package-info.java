/** Traces of requests: which are made, what is in them, and the spans that no instrumentation makes. */
@NullMarked
package dev.tally.platform.tracing;

import org.jspecify.annotations.NullMarked;
