package dev.tally.calls;

import java.util.Optional;

import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;

/**
 * A subscriber's number as ITU-T E.164 writes it, without the leading {@code +}: 5 to 15 digits.
 *
 * @param digits the digits, ASCII
 */
record Msisdn(String digits) {
    static final int MIN_DIGITS = 5;
    static final int MAX_DIGITS = 15;

    /** The number in this text, which may start with a {@code +}; empty when it is none. */
    static Optional<Msisdn> find(String text) {
        String digits = text.startsWith("+") ? text.substring(1) : text;
        boolean valid = digits.length() >= MIN_DIGITS && digits.length() <= MAX_DIGITS
                && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        return valid ? Optional.of(new Msisdn(digits)) : Optional.empty();
    }

    /** Like {@link #find} for a request, where anything else is the problem {@code MSISDN_INVALID}. */
    static Msisdn parse(String text) {
        return find(text).orElseThrow(() -> new ProblemException(ProblemCode.MSISDN_INVALID, "Invalid msisdn"));
    }
}
