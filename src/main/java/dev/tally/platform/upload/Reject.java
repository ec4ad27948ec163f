package dev.tally.platform.upload;

import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * A row of an upload that was not loaded.
 *
 * @param line where it stands, from 1, the header of a CSV included
 * @param reason what is wrong with it
 */
@RegisterForReflection
public record Reject(long line, String reason) {}
