package dev.tally.platform.problem;

/**
 * What is wrong with one field of a request.
 *
 * @param field the field as the client wrote it, such as {@code msisdns[2]}
 * @param message what is wrong with it
 */
public record Violation(String field, String message) {}
