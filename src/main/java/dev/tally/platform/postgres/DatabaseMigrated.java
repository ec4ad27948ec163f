package dev.tally.platform.postgres;

/** An event: {@code tally migrate} has brought the database to this version, and jobs may prepare what they need in it. */
public record DatabaseMigrated() {}
