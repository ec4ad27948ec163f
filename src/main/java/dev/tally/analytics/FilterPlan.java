package dev.tally.analytics;

import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.List;

/**
 * A filter over bytes.
 *
 * @param place of its column among those that are needed
 * @param values in the encoding of the dataset; not those that cannot be written in it, because no field can be one
 */
record FilterPlan(RowFilter.Test test, int place, List<byte[]> values) {
    static FilterPlan of(RowFilter filter, Charset charset, int place) {
        return new FilterPlan(filter.test(), place, filter.values().stream()
                .filter(value -> charset.newEncoder().canEncode(value)).map(value -> value.getBytes(charset)).toList());
    }

    /** Whether a field passes. */
    boolean passes(byte[] bytes, int start, int end) {
        return switch (test) {
            case ANY_OF -> isAny(bytes, start, end);
            case NONE_OF -> !isAny(bytes, start, end);
            case AT_LEAST -> !values.isEmpty() && compare(bytes, start, end) >= 0;
            case BELOW -> !values.isEmpty() && compare(bytes, start, end) < 0;
        };
    }

    private boolean isAny(byte[] bytes, int start, int end) {
        for (byte[] value : values) {
            if (Arrays.equals(bytes, start, end, value, 0, value.length)) {
                return true;
            }
        }
        return false;
    }

    /** In the order of bytes, which in both encodings is that of characters. */
    private int compare(byte[] bytes, int start, int end) {
        byte[] value = values.getFirst();
        return Arrays.compareUnsigned(bytes, start, end, value, 0, value.length);
    }
}
