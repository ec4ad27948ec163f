package dev.tally.calls;

/** One of the subscribers with the most usage. */
record TopSubscriber(String msisdn, long totalCalls, long totalDurationSeconds) {}
