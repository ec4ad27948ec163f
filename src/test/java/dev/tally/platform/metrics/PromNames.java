package dev.tally.platform.metrics;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which metrics an expression of Prometheus asks for. */
final class PromNames {
    private static final Pattern TEXT = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"");
    private static final Pattern SELECTOR = Pattern.compile("\\{[^{}]*}");
    private static final Pattern RANGE = Pattern.compile("\\[[^\\[\\]]*]");
    private static final Pattern LABELS = Pattern
            .compile("\\b(by|without|on|ignoring|group_left|group_right)\\s*\\([^()]*\\)");
    private static final Pattern NAME = Pattern.compile("(?<![\\w:.])([A-Za-z_:][\\w:]*)(\\s*\\()?");
    private static final Set<String> WORDS = Set.of("and", "or", "unless", "bool", "offset", "inf", "nan");
    private static final Set<String> FUNCTIONS = Set.of("sum", "max", "min", "count", "rate", "increase", "time",
            "topk",
            "histogram_quantile");

    private PromNames() {}

    /** @throws AssertionError when it is no expression, as far as this can tell */
    static Set<String> of(String expression) {
        String bare = TEXT.matcher(expression).replaceAll("\"\"");
        if (bare.chars().filter(c -> c == '{').count() != SELECTOR.matcher(bare).results().count()) {
            throw new AssertionError("Braces: " + expression);
        }
        bare = RANGE.matcher(SELECTOR.matcher(bare).replaceAll("")).replaceAll("");
        bare = LABELS.matcher(bare).replaceAll(" ");
        requireBalance(bare, expression);
        Set<String> names = new TreeSet<>();
        Matcher each = NAME.matcher(bare);
        while (each.find()) {
            boolean isCall = each.group(2) != null;
            if (isCall && !FUNCTIONS.contains(each.group(1)) && !WORDS.contains(each.group(1))) {
                throw new AssertionError("No such function: " + each.group(1) + " in " + expression);
            }
            if (!isCall && !WORDS.contains(each.group(1)) && !FUNCTIONS.contains(each.group(1))) {
                names.add(each.group(1));
            }
        }
        if (names.isEmpty()) {
            throw new AssertionError("Asks for nothing: " + expression);
        }
        return names;
    }

    private static void requireBalance(String bare, String expression) {
        int depth = 0;
        for (int i = 0; i < bare.length(); i++) {
            char c = bare.charAt(i);
            if (c == '(' || c == ')') {
                depth += c == '(' ? 1 : -1;
            }
            if (depth < 0 || "[]{}".indexOf(c) >= 0) {
                throw new AssertionError("Brackets: " + expression);
            }
        }
        if (depth != 0) {
            throw new AssertionError("Parentheses: " + expression);
        }
    }
}
