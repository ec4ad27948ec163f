package dev.tally.analytics;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Keys as ClickHouse's s3() takes them. What it gets is part of a URL, so bytes can be written as {@code %XX}; but it looks
 * for patterns after it has read these, so that a key with a sign of a pattern cannot be written.
 */
final class ObjectPath {
    private static final String SIGNS_OF_PATTERNS = "*?{}";
    private static final String PLAIN = "-_./";

    private ObjectPath() {}

    /** Whether it means this key and no other. */
    static boolean canBeWritten(String key) {
        return !key.isEmpty() && key.chars().noneMatch(sign -> SIGNS_OF_PATTERNS.indexOf(sign) >= 0)
        // A path that a URL may not have, or that it may have shortened.
                && Arrays.stream(key.split("/", -1)).noneMatch(part -> part.isEmpty() || isDots(part));
    }

    private static boolean isDots(String part) {
        return part.equals(".") || part.equals("..");
    }

    /** Whether it can be written beside others. */
    static boolean canBeInList(String key) {
        return key.indexOf(',') < 0;
    }

    /** One key, or several of which each can be in a list. */
    static String of(List<String> keys) {
        return keys.size() == 1
                ? encoded(keys.getFirst())
                : keys.stream().map(ObjectPath::encoded).collect(Collectors.joining(",", "{", "}"));
    }

    private static String encoded(String key) {
        StringBuilder encoded = new StringBuilder();
        for (byte octet : key.getBytes(StandardCharsets.UTF_8)) {
            char sign = (char) (octet & 0xFF);
            boolean plain = sign < 0x80 && (Character.isLetterOrDigit(sign) || PLAIN.indexOf(sign) >= 0);
            if (plain) {
                encoded.append(sign);
            } else {
                encoded.append(String.format(Locale.ROOT, "%%%02X", (int) sign));
            }
        }
        return encoded.toString();
    }
}
