package dev.tally.platform.idempotency;

import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/** By which two requests are known to ask for the same. */
public final class RequestFingerprint {
    private RequestFingerprint() {}

    /**
     * Gives 32 bytes that are the same for the same request. The order of the parameters does not matter, only that of
     * several with the same name, nor how their characters are escaped.
     *
     * @param method such as POST
     * @param path as sent
     * @param query as sent, without the question mark
     * @param accept the header, which says in what form the answer is wanted
     * @param body all bytes
     */
    public static byte[] of(String method, String path, @Nullable String query, @Nullable String accept, byte[] body) {
        MessageDigest digest = sha256();
        addPart(digest, method);
        addPart(digest, path);
        List<List<String>> parameters = parameters(query == null ? "" : query);
        addLength(digest, parameters.size());
        parameters.forEach(parameter -> parameter.forEach(part -> addPart(digest, part)));
        addPart(digest, accept == null ? "" : accept.strip());
        return digest.digest(body);
    }

    /** Sorted by name; pairs of a name and a value. */
    private static List<List<String>> parameters(String query) {
        return Arrays.stream(query.split("&", -1)).filter(parameter -> !parameter.isEmpty())
                .map(parameter -> parameter.split("=", 2))
                .map(pair -> List.of(decoded(pair[0]), pair.length == 1 ? "" : decoded(pair[1])))
                .sorted(Comparator.comparing(List::getFirst))
                .collect(Collectors.toList());
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            // Not escaped as it should be; then it is the same only as itself.
            return text;
        }
    }

    /** With its length, so that no two requests run into the same bytes. */
    private static void addPart(MessageDigest digest, String part) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        addLength(digest, bytes.length);
        digest.update(bytes);
    }

    private static void addLength(MessageDigest digest, int length) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(length).array());
    }

    /** For digests of one's own. */
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
