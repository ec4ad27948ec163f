/** How a job has its answers paid for, without knowing how accounts are kept. */
@NullMarked
package dev.tally.platform.metering;

import org.jspecify.annotations.NullMarked;
