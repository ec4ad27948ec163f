package dev.tally.calls;

/**
 * A call detail record that is fit to be stored.
 *
 * @param line where it stands in the upload, from 1, the header of a CSV included
 * @param source who reported it, 1..32 characters
 * @param eventId unique within the source, 1..64 characters
 * @param startMicros when the call began, in microseconds since 1970-01-01T00:00:00Z
 * @param durationSeconds 0..604800
 */
record Cdr(long line, String source, String eventId, Msisdn msisdn, CallType callType, long startMicros,
        int durationSeconds) {}
