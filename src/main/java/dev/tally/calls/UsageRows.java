package dev.tally.calls;

/** Takes the rows of a query one by one. */
interface UsageRows<T> {
    /**
     * Before the first row.
     *
     * @return false when no row is wanted
     */
    boolean begin(DataVersion version);

    void row(T row);

    /** What ends the query from another thread; given before the query starts. */
    void onAbandoned(Runnable cancel);
}
