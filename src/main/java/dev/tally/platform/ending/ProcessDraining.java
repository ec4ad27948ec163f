package dev.tally.platform.ending;

/** An event: no new requests are taken from now on. Who waits within one for something that may take long is to be answered. */
public record ProcessDraining() {}
