package dev.tally.analytics;

/** An object is no longer the version that was to be read. Nothing of what was read of it may be used. */
final class ObjectChangedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ObjectChangedException(String key) {
        super("The object " + key + " changed while it was read");
    }
}
