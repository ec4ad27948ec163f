package dev.tally.platform.table;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Entity tags (RFC 9110, section 8.8.3), made of what an answer depends on rather than of its bytes, so that they are
 * known before a row is read.
 */
final class EntityTag {
    private static final int DIGEST_BYTES = 16;

    private EntityTag() {}

    /**
     * @param application its version, because another may write other bytes
     * @param format which bytes
     * @param acceptEncoding what the client said: the content coding, which is chosen later, depends on nothing else,
     *        and two codings of the same answer may not share a strong tag; XLSX has none, being compressed itself
     * @param state of the data that is shown
     */
    static String of(String application, Format format, String path, @Nullable String query,
            List<String> acceptEncoding,
            String state) {
        // No part can hold a line break: the parts cannot run into each other.
        String parts = String.join("\n", application, format.name(), path, canonical(query),
                format == Format.XLSX ? "" : String.join(",", acceptEncoding), state);
        byte[] digest = Sha256.start().digest(parts.getBytes(StandardCharsets.UTF_8));
        String opaque = Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(digest, DIGEST_BYTES));
        return "\"" + opaque + "\"";
    }

    /**
     * Parameters in the order of their names; those of the same name keep theirs, because it may matter.
     * {@code format} is left out: what it chose is part of the tag already.
     */
    private static String canonical(@Nullable String query) {
        if (query == null) {
            return "";
        }
        if (query.indexOf('&') < 0) {
            return isFormat(query) ? "" : query;
        }
        String[] parameters = query.split("&", -1);
        Arrays.sort(parameters, Comparator.comparing(EntityTag::name));
        StringBuilder canonical = new StringBuilder(query.length());
        for (String parameter : parameters) {
            if (!isFormat(parameter)) {
                canonical.append(parameter).append('&');
            }
        }
        return canonical.toString();
    }

    private static boolean isFormat(String parameter) {
        return parameter.startsWith("format=");
    }

    private static String name(String parameter) {
        int equals = parameter.indexOf('=');
        return equals < 0 ? parameter : parameter.substring(0, equals);
    }

    /** Whether {@code If-None-Match} (RFC 9110, section 13.1.2) names the tag; compared weakly, as it says there. */
    static boolean matches(List<String> ifNoneMatch, String tag) {
        String opaque = withoutWeakness(tag);
        for (String line : ifNoneMatch) {
            for (String candidate : line.split(",", -1)) {
                String given = candidate.strip();
                if (given.equals("*") || withoutWeakness(given).equals(opaque)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static String withoutWeakness(String tag) {
        return tag.startsWith("W/") ? tag.substring(2) : tag;
    }
}
