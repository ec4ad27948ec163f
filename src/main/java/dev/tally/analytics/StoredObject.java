package dev.tally.analytics;

import java.time.Instant;

/**
 * A version of an object in S3.
 *
 * @param etag as the store gives it, quotation marks included
 */
record StoredObject(String bucket, String key, String etag, long sizeBytes, Instant lastModified) {}
