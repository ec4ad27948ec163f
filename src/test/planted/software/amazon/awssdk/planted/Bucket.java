package software.amazon.awssdk.planted;

/** Stands for the S3 SDK. */
public record Bucket(String name) {}
