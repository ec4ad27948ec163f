package dev.tally.analytics;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Reads amounts: an optional sign, digits, and among them at most one decimal mark. docs/csv.md has the rule; nothing is
 * guessed, because people bill by the sums.
 */
final class Amounts {
    /** How many digits stand before the mark at most, leading zeros included: a sum of any number of rows can be exact. */
    static final int MAX_WHOLE_DIGITS = 28;
    /** How many digits stand after the mark at most. */
    static final int MAX_FRACTION_DIGITS = 38;
    /** How many decimals the number has that {@link #scaled} gives. */
    static final int SCALE = 9;
    /** What {@link #scaled} gives when it cannot say. */
    static final long UNKNOWN = Long.MIN_VALUE;
    /** So that ten to the power of both together is less than the largest long. */
    private static final int MAX_SCALED_WHOLE_DIGITS = 9;
    private static final long[] POWERS = powers();

    private Amounts() {}

    private static long[] powers() {
        long[] powers = new long[SCALE + 1];
        powers[0] = 1;
        for (int i = 1; i < powers.length; i++) {
            powers[i] = powers[i - 1] * 10;
        }
        return powers;
    }

    /**
     * The amount as a number of billionths.
     *
     * @return {@link #UNKNOWN} when it is none, or has more digits than a long is sure to hold: {@link #exact} says which
     */
    static long scaled(byte[] bytes, int start, int end, byte decimalMark) {
        int position = start;
        boolean negative = false;
        if (position < end && (bytes[position] == '-' || bytes[position] == '+')) {
            negative = bytes[position] == '-';
            position++;
        }
        long number = 0;
        int wholeDigits = 0;
        int fractionDigits = 0;
        int digit = 0;
        for (; position < end && (digit = bytes[position] - '0') >= 0 && digit <= 9; position++) {
            number = number * 10 + digit;
            wholeDigits++;
        }
        if (position < end && bytes[position] == decimalMark) {
            for (position++; position < end && (digit = bytes[position] - '0') >= 0 && digit <= 9; position++) {
                number = number * 10 + digit;
                fractionDigits++;
            }
        }
        if (position < end || wholeDigits > MAX_SCALED_WHOLE_DIGITS || fractionDigits > SCALE
                || wholeDigits + fractionDigits == 0) {
            return UNKNOWN;
        }
        number *= POWERS[SCALE - fractionDigits];
        return negative ? -number : number;
    }

    /** The amount, whatever its size; empty when it is none. */
    static Optional<BigDecimal> exact(byte[] bytes, int start, int end, byte decimalMark) {
        int position = start < end && (bytes[start] == '-' || bytes[start] == '+') ? start + 1 : start;
        int mark = position;
        while (mark < end && isDigit(bytes[mark])) {
            mark++;
        }
        int wholeDigits = mark - position;
        int fraction = mark < end && bytes[mark] == decimalMark ? mark + 1 : mark;
        for (int i = fraction; i < end; i++) {
            if (!isDigit(bytes[i])) {
                return Optional.empty();
            }
        }
        int fractionDigits = end - fraction;
        if (wholeDigits + fractionDigits == 0 || wholeDigits > MAX_WHOLE_DIGITS
                || fractionDigits > MAX_FRACTION_DIGITS) {
            return Optional.empty();
        }
        String digits = new String(bytes, position, wholeDigits, StandardCharsets.US_ASCII)
                + new String(bytes, fraction, fractionDigits, StandardCharsets.US_ASCII);
        BigInteger number = new BigInteger(digits);
        return Optional.of(new BigDecimal(bytes[start] == '-' ? number.negate() : number, fractionDigits));
    }

    private static boolean isDigit(byte character) {
        return character >= '0' && character <= '9';
    }

    /** The same value without zeros at its end, and without an exponent. */
    static BigDecimal plain(BigDecimal amount) {
        BigDecimal stripped = amount.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }
}
