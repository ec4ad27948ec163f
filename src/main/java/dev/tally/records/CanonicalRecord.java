package dev.tally.records;

import java.time.LocalDate;
import java.util.Optional;

/**
 * A record.
 *
 * @param canonicalKey by which it is known
 * @param name like the next two empty when it is not known
 */
record CanonicalRecord(String canonicalKey, String name, String email, String phone, Optional<LocalDate> dob) {
    /** Without what is about a person. */
    @Override
    public String toString() {
        return "CanonicalRecord";
    }
}
