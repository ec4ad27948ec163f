package dev.tally.platform.logging;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * The level that a category is to have.
 *
 * @param minutes for how long; the configured time when it is null
 */
record LogLevelRequest(
        @NotNull @Pattern(regexp = "error|warn|info|debug", message = "must be error, warn, info or debug") String level,
        @Nullable Integer minutes) {}
