package dev.tally.platform.http;

/** Whether the service can work with its database. */
enum DatabaseState {
    CONNECTED("connected"), NOT_MIGRATED("not migrated"), UNAVAILABLE("unavailable");

    private final String words;

    DatabaseState(String words) {
        this.words = words;
    }

    /** As {@code /health} says it. */
    String words() {
        return words;
    }
}
