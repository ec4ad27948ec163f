package dev.tally.platform.http;

import java.util.Set;

import jakarta.enterprise.context.ApplicationScoped;

/** How large a body may be. Not a {@code @Singleton}: filters are made before the run-time configuration is there. */
@ApplicationScoped
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
