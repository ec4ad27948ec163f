/**
 * The servers that dev mode and the tests start for themselves. Nothing in here, and none of the libraries that it uses
 * (scope {@code provided}), is in the packaged application.
 */
@NullMarked
package dev.tally.local;

import org.jspecify.annotations.NullMarked;
