package dev.tally.platform.http;

import java.util.List;

import jakarta.enterprise.context.ApplicationScoped;

/** Where {@code format=excel} may mean the envelope. Not a {@code @Singleton}, for the reason that {@link BodyBounds} has. */
@ApplicationScoped
class EnvelopePaths {
    private final List<String> prefixes;

    EnvelopePaths(EdgeConfig config) {
        this.prefixes = config.envelopePaths();
    }

    boolean contain(String path) {
        return prefixes.stream().anyMatch(path::startsWith);
    }
}
