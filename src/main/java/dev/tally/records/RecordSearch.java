package dev.tally.records;

import java.util.Optional;

/**
 * Which records are meant: those with these texts in them, capital and small letters being the same.
 *
 * @param name a part of the name
 * @param email a part of the e-mail
 */
record RecordSearch(Optional<String> name, Optional<String> email) {
    static final RecordSearch ALL = new RecordSearch(Optional.empty(), Optional.empty());

    /** Without what may be about a person. */
    @Override
    public String toString() {
        return "RecordSearch";
    }
}
