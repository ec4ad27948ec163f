package dev.tally.platform.http;

import java.util.Set;

import jakarta.inject.Singleton;

/** How large a body may be. */
@Singleton
class BodyBounds {
    private final long maxBodyBytes;
    private final long maxUploadBytes;
    private final Set<String> uploadPaths;

    BodyBounds(EdgeConfig config) {
        this.maxBodyBytes = config.maxBodyBytes();
        this.maxUploadBytes = config.maxUploadBytes();
        this.uploadPaths = Set.copyOf(config.uploadPaths());
    }

    long maxBytes(String path) {
        return uploadPaths.contains(path) ? maxUploadBytes : maxBodyBytes;
    }

    static String sentence(long maxBytes) {
        return "The body is larger than " + maxBytes + " bytes.";
    }
}
