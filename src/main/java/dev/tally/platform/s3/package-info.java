/** What S3's client needs of us in the native binary. */
@NullMarked
package dev.tally.platform.s3;

import org.jspecify.annotations.NullMarked;
