package dev.tally.reports;

/** What a log-in at Gcore gives. The second can be used once, for the next pair. */
record TokenPair(String access, String refresh) {
    /** Without the tokens, for logs. */
    @Override
    public String toString() {
        return "TokenPair[hidden]";
    }
}
