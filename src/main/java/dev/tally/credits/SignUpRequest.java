package dev.tally.credits;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

/**
 * Who wants to be a user.
 *
 * @param email as HTML's forms check it (HTML Standard, section 4.10.5.1.5), with a dot in its domain
 */
record SignUpRequest(
        @NotBlank @Size(max = 200) @Pattern(regexp = "[^\\p{Cc}\\p{Cs}]*", message = "must have no control characters") String name,
        @NotNull @Size(max = 254) @Pattern(regexp = EMAIL, message = "must be an e-mail address") String email) {
    private static final String LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
    private static final String EMAIL = "[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@" + LABEL + "(?:\\." + LABEL + ")+";

    /** Without what is personal. */
    @Override
    public String toString() {
        return "SignUpRequest";
    }
}
