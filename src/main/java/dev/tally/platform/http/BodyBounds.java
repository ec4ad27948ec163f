package dev.tally.platform.http;

import java.util.HashMap;
import java.util.Map;

import jakarta.enterprise.context.ApplicationScoped;

import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;

/** How large a body may be. Not a {@code @Singleton}: filters are made before the run-time configuration is there. */
@ApplicationScoped
class BodyBounds {
    private final long maxBodyBytes;
    private final Map<String, Long> maxBytesByPath;

    BodyBounds(EdgeConfig config) {
        this.maxBodyBytes = config.maxBodyBytes();
        this.maxBytesByPath = new HashMap<>();
        config.uploadPaths().forEach(path -> maxBytesByPath.put(path, config.maxUploadBytes()));
        config.filePaths().forEach(path -> maxBytesByPath.put(path, config.maxFileBytes()));
    }

    long maxBytes(String path) {
        return maxBytesByPath.getOrDefault(path, maxBodyBytes);
    }

    static ProblemException refusal(long maxBytes) {
        return new ProblemException(ProblemCode.BODY_TOO_LARGE, "The body is larger than " + maxBytes + " bytes.");
    }
}
