package dev.tally.platform.paging;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Writes the reference to the next page (RFC 3986). */
final class NextPage {
    private static final String AFTER = "after";
    /** Besides letters, digits and escapes: what RFC 3986 lets stand in a path or a query. */
    private static final String PLAIN = "-._~!$&'()*+,;=:@/?";
    private static final int ESCAPE_CHARACTERS = "%00".length();

    private NextPage() {}

    static String reference(String path, String query, String last) {
        StringBuilder reference = new StringBuilder(clean(localPath(path))).append('?');
        for (String parameter : query.split("&", -1)) {
            if (!parameter.isEmpty() && !isAfter(parameter)) {
                reference.append(clean(parameter)).append('&');
            }
        }
        return reference.append(AFTER).append('=').append(URLEncoder.encode(last, StandardCharsets.UTF_8)).toString();
    }

    /** Two slashes would begin the name of another host (RFC 3986, section 4.2). */
    private static String localPath(String path) {
        return "/" + path.replaceFirst("^/+", "").replace("?", "%3F");
    }

    private static boolean isAfter(String parameter) {
        String name = parameter.split("=", 2)[0];
        try {
            return URLDecoder.decode(name, StandardCharsets.UTF_8).equals(AFTER);
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    /** The same with everything escaped that may not stand there, such as what would end the header's value. */
    private static String clean(String text) {
        StringBuilder clean = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            int codePoint = text.codePointAt(at);
            int end = at + Character.charCount(codePoint);
            if (isEscape(text, at)) {
                end = at + ESCAPE_CHARACTERS;
                clean.append(text, at, end);
            } else if (isPlain(codePoint)) {
                clean.appendCodePoint(codePoint);
            } else {
                clean.append(URLEncoder.encode(text.substring(at, end), StandardCharsets.UTF_8).replace("+", "%20"));
            }
            at = end;
        }
        return clean.toString();
    }

    private static boolean isEscape(String text, int at) {
        return text.charAt(at) == '%' && at + ESCAPE_CHARACTERS <= text.length()
                && Character.digit(text.charAt(at + 1), 16) >= 0 && Character.digit(text.charAt(at + 2), 16) >= 0
                && text.charAt(at + 1) < 0x80 && text.charAt(at + 2) < 0x80;
    }

    private static boolean isPlain(int codePoint) {
        return codePoint < 0x80
                && (Character.isLetterOrDigit(codePoint) || PLAIN.indexOf(codePoint) >= 0);
    }
}
