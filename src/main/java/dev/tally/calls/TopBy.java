package dev.tally.calls;

import java.util.Optional;

/** What {@code /api/usage/top} sorts by. */
enum TopBy {
    CALLS("calls"), DURATION("duration");

    private final String parameter;

    TopBy(String parameter) {
        this.parameter = parameter;
    }

    /** Its name in requests and answers. */
    String parameter() {
        return parameter;
    }

    static Optional<TopBy> find(String parameter) {
        return switch (parameter) {
            case "calls" -> Optional.of(CALLS);
            case "duration" -> Optional.of(DURATION);
            default -> Optional.empty();
        };
    }
}
