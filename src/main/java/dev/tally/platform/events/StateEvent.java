package dev.tally.platform.events;

/**
 * How something stands.
 *
 * @param json its document, on one line
 * @param last whether it changes no more
 */
public record StateEvent(String json, boolean last) {}
