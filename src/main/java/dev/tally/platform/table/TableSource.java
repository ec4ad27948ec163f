package dev.tally.platform.table;

/** Where the rows of a table come from: runs once, on the thread that writes the answer, and holds nothing before. */
@FunctionalInterface
public interface TableSource {
    /**
     * Calls {@link TableSink#begin} and, unless that says no, writes every row. Whatever it opens it closes before it
     * returns or throws.
     */
    void writeTo(TableSink sink);
}
