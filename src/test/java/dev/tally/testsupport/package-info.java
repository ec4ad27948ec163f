/** What the tests share: local servers, fixtures. */
@NullMarked
package dev.tally.testsupport;

import org.jspecify.annotations.NullMarked;
