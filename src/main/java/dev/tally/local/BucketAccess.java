package dev.tally.local;

/**
 * How another local server reaches a bucket of the local S3.
 *
 * @param url of the bucket, with a slash at its end
 */
public record BucketAccess(String url, String accessKeyId, String secretAccessKey) {
    /** Without the secret. */
    @Override
    public String toString() {
        return "BucketAccess[" + url + "]";
    }
}
