package dev.tally.credits;

import org.jspecify.annotations.Nullable;

import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;

/**
 * What is to be added to which account.
 *
 * @param email of the user, in capital or small letters
 * @param amount in credits
 */
record TopUp(String email, long amount) {
    private static final long MAX_AMOUNT = 1_000_000_000;
    private static final int MAX_DIGITS = 10;
    private static final int MAX_EMAIL_CHARACTERS = 254;

    /**
     * Reads the parameters {@code user_email} and {@code amount}.
     *
     * @throws ProblemException {@code PARAMETER_INVALID}
     */
    static TopUp parse(@Nullable String email, @Nullable String amount) {
        return new TopUp(parseEmail(email), parseAmount(amount));
    }

    /** @throws ProblemException {@code PARAMETER_INVALID} */
    static String parseEmail(@Nullable String email) {
        if (email == null || email.isBlank() || email.length() > MAX_EMAIL_CHARACTERS
                || email.chars().anyMatch(Character::isISOControl)) {
            throw new ProblemException(ProblemCode.PARAMETER_INVALID,
                    "user_email is the e-mail of a user, of 1 to " + MAX_EMAIL_CHARACTERS + " characters.");
        }
        return email.strip();
    }

    private static long parseAmount(@Nullable String text) {
        boolean digits = text != null && !text.isEmpty() && text.length() <= MAX_DIGITS
                && text.chars().allMatch(digit -> digit >= '0' && digit <= '9');
        long amount = digits ? Long.parseLong(text) : 0;
        if (amount < 1 || amount > MAX_AMOUNT) {
            throw new ProblemException(ProblemCode.PARAMETER_INVALID,
                    "amount is a whole number from 1 to " + MAX_AMOUNT + ".");
        }
        return amount;
    }
}
