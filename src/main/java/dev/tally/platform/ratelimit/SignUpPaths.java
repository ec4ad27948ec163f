package dev.tally.platform.ratelimit;

import java.util.List;

/** The paths of sign-up, however they are written: nobody may get around the limit by a path that is served all the same. */
record SignUpPaths(List<String> prefixes) {
    /** @param normalizedPath without escapes of ordinary characters and without dots */
    boolean contain(String normalizedPath) {
        String plain = withoutParameters(normalizedPath);
        return prefixes.stream().anyMatch(plain::startsWith);
    }

    /** Without matrix parameters and empty segments, which no endpoint looks at. */
    private static String withoutParameters(String path) {
        StringBuilder plain = new StringBuilder(path.length());
        boolean parameter = false;
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            parameter = c == ';' || (parameter && c != '/');
            boolean emptySegment = c == '/' && !plain.isEmpty() && plain.charAt(plain.length() - 1) == '/';
            if (!parameter && !emptySegment) {
                plain.append(c);
            }
        }
        return plain.toString();
    }
}
