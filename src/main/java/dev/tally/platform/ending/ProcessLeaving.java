package dev.tally.platform.ending;

/**
 * An event: this process was told to end. Requests still come and are answered; work that another process can do as well is
 * not begun any more.
 */
public record ProcessLeaving() {}
