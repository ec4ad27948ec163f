/**
 * How often somebody may ask (docs/adr/0010): token buckets that are counted in this process, or in PostgreSQL for all
 * replicas together.
 */
@NullMarked
package dev.tally.platform.ratelimit;

import org.jspecify.annotations.NullMarked;
