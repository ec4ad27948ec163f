package dev.tally.analytics;

import java.util.Optional;

/** What stands between two fields of a dataset. */
public enum CsvDelimiter {
    /** The one of the others that the header has most of. */
    AUTO, COMMA, SEMICOLON, TAB;

    Optional<Character> character() {
        return switch (this) {
            case AUTO -> Optional.empty();
            case COMMA -> Optional.of(',');
            case SEMICOLON -> Optional.of(';');
            case TAB -> Optional.of('\t');
        };
    }
}
