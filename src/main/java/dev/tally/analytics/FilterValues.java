package dev.tally.analytics;

import java.nio.charset.Charset;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Collectors;

/** The values of filters, as parameters of a statement: in hexadecimal, so that any bytes come through. */
final class FilterValues {
    private FilterValues() {}

    static String parameter(int filter) {
        return "filter" + filter;
    }

    /** Between commas; empty when no value can be written in the charset, so that none can be met. */
    static Optional<String> hex(RowFilter filter, Charset charset) {
        String hex = filter.values().stream().filter(value -> charset.newEncoder().canEncode(value))
                .map(value -> HexFormat.of().formatHex(value.getBytes(charset))).collect(Collectors.joining(","));
        boolean none = filter.values().stream().noneMatch(value -> charset.newEncoder().canEncode(value));
        return none ? Optional.empty() : Optional.of(hex);
    }
}
