package dev.tally.analytics;

/** Some bytes of an object, which come in order, by one request or by several. */
final class Stretch {
    private final long offset;
    private final int length;
    private final byte[] bytes;
    private int filled;

    /** @param bytes where they are put, from 0; may be longer than needed */
    Stretch(long offset, int length, byte[] bytes) {
        this.offset = offset;
        this.length = length;
        this.bytes = bytes;
    }

    /** Where it begins in the object. */
    long offset() {
        return offset;
    }

    int length() {
        return length;
    }

    byte[] bytes() {
        return bytes;
    }

    /** How many of them are there. */
    int filled() {
        return filled;
    }

    /** How many of them are not. */
    int missing() {
        return length - filled;
    }

    void advance(int more) {
        if (more < 0 || more > missing()) {
            throw new IllegalArgumentException("A stretch that lacks " + missing() + " bytes got " + more);
        }
        filled += more;
    }

    /** Forgets what has come. */
    void clear() {
        filled = 0;
    }
}
