package dev.tally.analytics;

import java.util.Locale;

import org.jspecify.annotations.Nullable;

/** The bytes of a version of an object that one request asks for, and whether an answer is about just these. */
record AskedRange(StoredObject object, Stretch stretch, long first, long last) {
    /** Of what the stretch lacks. */
    static AskedRange of(StoredObject object, Stretch stretch) {
        return new AskedRange(object, stretch, stretch.offset() + stretch.filled(),
                stretch.offset() + stretch.length() - 1);
    }

    /** The header {@code Range} (RFC 9110, section 14.2). */
    String header() {
        return String.format(Locale.ROOT, "bytes=%d-%d", first, last);
    }

    /**
     * @param contentRange absent when the whole object comes
     * @throws StoreFault when the bytes that come would be other ones
     */
    void check(@Nullable String etag, @Nullable String contentRange, @Nullable Long contentLength) {
        if (etag == null || isCut(etag)) {
            throw nonsense("The store does not say which version it gives");
        }
        if (!bare(etag).equals(bare(object.etag()))) {
            throw new StoreFault(StoreFault.Kind.CHANGED, "The store gave another version", null);
        }
        if (contentRange == null ? !isWhole() : !isThis(contentRange)) {
            // Who has no ranges gives the whole object, which is only right from its beginning.
            stretch.clear();
            throw nonsense("The store gave another range");
        }
        if (contentLength != null && contentLength != last - first + 1) {
            throw nonsense("The store gave another number of bytes");
        }
    }

    private boolean isWhole() {
        return first == 0 && last == object.sizeBytes() - 1;
    }

    private boolean isThis(String contentRange) {
        return contentRange.equals(String.format(Locale.ROOT, "bytes %d-%d/%d", first, last, object.sizeBytes()));
    }

    /** Whether the answer ended within the ETag: to Java, headers may end anywhere. */
    static boolean isCut(String etag) {
        return etag.startsWith("\"") && (etag.length() == 1 || !etag.endsWith("\""));
    }

    private static String bare(String etag) {
        return etag.replace("\"", "");
    }

    private static StoreFault nonsense(String message) {
        return new StoreFault(StoreFault.Kind.FAILED, message, null);
    }
}
