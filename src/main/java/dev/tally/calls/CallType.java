package dev.tally.calls;

import java.util.Optional;

/** The kinds of call; {@link #code()} is how clients and the table call them. */
enum CallType {
    VOICE("voice"), VIDEO("video");

    private final String code;

    CallType(String code) {
        this.code = code;
    }

    String code() {
        return code;
    }

    static Optional<CallType> find(String code) {
        return switch (code) {
            case "voice" -> Optional.of(VOICE);
            case "video" -> Optional.of(VIDEO);
            default -> Optional.empty();
        };
    }
}
