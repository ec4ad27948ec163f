package dev.tally.platform.logging;

import java.time.Instant;

import com.fasterxml.jackson.annotation.JsonProperty;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * A level that was changed.
 *
 * @param category such as {@code dev.tally.reports}; what is below it follows, unless it has a level of its own
 * @param level {@code error}, {@code warn}, {@code info} or {@code debug}
 * @param until when it goes back by itself
 * @param setBy the administrator
 */
@RegisterForReflection
record LogLevel(String category, String level, Instant until, @JsonProperty("set_by") String setBy,
        @JsonProperty("set_at") Instant setAt) {}
