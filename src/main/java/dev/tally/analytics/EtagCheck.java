package dev.tally.analytics;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/** Compares what was read of an object with its ETag. */
final class EtagCheck {
    private static final Pattern MD5 = Pattern.compile("[0-9a-fA-F]{32}");

    private final String expected;
    private final MessageDigest digest;
    private @Nullable Boolean holds;

    private EtagCheck(String expected, MessageDigest digest) {
        this.expected = expected;
        this.digest = digest;
    }

    /** Nothing when its ETag is no MD5. */
    static Optional<EtagCheck> of(StoredObject object) {
        String etag = object.etag().replace("\"", "");
        if (!MD5.matcher(etag).matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new EtagCheck(etag, MessageDigest.getInstance("MD5")));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Java has no MD5", e);
        }
    }

    /** The next bytes of the object. */
    void update(Stretch stretch) {
        digest.update(stretch.bytes(), 0, stretch.length());
    }

    /** Whether it was this object, when all of it was given. */
    boolean holds() {
        if (holds == null) {
            holds = HexFormat.of().formatHex(digest.digest()).equalsIgnoreCase(expected);
        }
        return holds;
    }
}
