package dev.tally.analytics;

/** ClickHouse may give other figures than the rules of CSV want, so it is not to be asked, or not to be believed. */
final class NotPushedDownException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** @param reason part of a sentence for the log, that names the object and not its content */
    NotPushedDownException(String reason) {
        super(reason);
    }
}
