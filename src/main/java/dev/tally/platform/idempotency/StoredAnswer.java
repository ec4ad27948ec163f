package dev.tally.platform.idempotency;

import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

import io.vertx.core.buffer.Buffer;

/**
 * An answer as it is replayed.
 *
 * @param status the HTTP status
 * @param headers those that belong to the answer and not to the one exchange; others that are given are left out
 * @param body to the byte
 */
@SuppressWarnings("ArrayRecordComponent") // It is copied on its way in and out, and compared by its content.
public record StoredAnswer(int status, Map<String, String> headers, byte[] body) {
    private static final Set<String> KEPT = names("Content-Type", "Content-Disposition", "ETag", "Link", "Location",
            "Preference-Applied", "Retry-After");

    public StoredAnswer {
        Map<String, String> kept = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.forEach((name, value) -> {
            if (KEPT.contains(name)) {
                kept.put(name, value);
            }
        });
        headers = Collections.unmodifiableMap(kept);
        body = body.clone();
    }

    private static Set<String> names(String... names) {
        Set<String> set = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        Collections.addAll(set, names);
        return set;
    }

    @Override
    public byte[] body() {
        return body.clone();
    }

    /** The body, to be sent. */
    public Buffer buffer() {
        return Buffer.buffer(body);
    }

    /** Headers included. */
    public long sizeBytes() {
        return body.length + headers.entrySet().stream()
                .mapToLong(header -> header.getKey().length() + header.getValue().length()).sum();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StoredAnswer answer && status == answer.status && headers.equals(answer.headers)
                && Arrays.equals(body, answer.body);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * status + headers.hashCode()) + Arrays.hashCode(body);
    }

    /** Without the content, which is the caller's. */
    @Override
    public String toString() {
        return "StoredAnswer[status=" + status + ", body of " + body.length + " bytes]";
    }
}
