package dev.tally.platform.logging;

import java.util.List;

import io.quarkus.runtime.annotations.RegisterForReflection;

/** All levels that are changed now, by category. */
@RegisterForReflection
record LogLevelsResponse(List<LogLevel> data, int count) {}
