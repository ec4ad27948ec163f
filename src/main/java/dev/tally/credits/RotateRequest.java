package dev.tally.credits;

import jakarta.validation.constraints.Min;

import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * How a key is replaced.
 *
 * @param graceSeconds how long the old one stays good; null for the usual time
 */
record RotateRequest(@JsonProperty("grace_seconds") @Nullable @Min(0) Long graceSeconds) {}
