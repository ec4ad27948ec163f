package dev.tally.platform.security;

import java.util.Optional;

import io.smallrye.config.ConfigMapping;

/** The administrator without a name, as a predecessor had one. */
@ConfigMapping(prefix = "tally.admin")
interface AdminConfig {
    /** What the header {@code x-admin-key} has to say; nobody may do so without it. */
    Optional<String> apiKey();
}
