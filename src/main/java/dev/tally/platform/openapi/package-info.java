/**
 * The pages that show the description of the API. The description itself is written by hand, a file a job, in
 * {@code META-INF/openapi}; the server gives it out at {@code /openapi.json} and {@code /openapi.yaml}.
 */
@NullMarked
package dev.tally.platform.openapi;

import org.jspecify.annotations.NullMarked;
