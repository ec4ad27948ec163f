package dev.tally.interactions;

/** What is wrong with the value of a cell, in words that follow it. Common in some workbooks, so without a trace. */
final class CellFaultException extends Exception {
    private static final long serialVersionUID = 1;

    CellFaultException(String reason) {
        super(reason, null, false, false);
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
