package dev.tally.analytics;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Short names for states of things: the same in every process, and after a restart. */
final class Digests {
    private Digests() {}

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }

    /** The number of a state, as {@code TableSink} wants it. */
    static long number(String state) {
        return ByteBuffer.wrap(sha256().digest(state.getBytes(StandardCharsets.UTF_8))).getLong();
    }
}
