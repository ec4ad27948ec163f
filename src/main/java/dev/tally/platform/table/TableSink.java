package dev.tally.platform.table;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;

import org.jspecify.annotations.Nullable;

/**
 * Takes a table cell by cell and writes it in the format that the client asked for, while it comes. Cells come in the
 * order of the columns, each by the method of its column's type, or by {@link #absent()}.
 *
 * <p>The methods block while the client is slow, and throw {@link java.io.UncheckedIOException} once it is gone.
 */
public interface TableSink {
    /**
     * Before the first row, exactly once.
     *
     * @param asOf when the data behind this answer last changed, null when there is none yet. The same value must mean
     *        the same rows: the strong {@code ETag} is made of it and of the request.
     * @return false when the client has these very bytes already ({@code If-None-Match}) or wants no body: then no row
     *         may follow and the source returns
     */
    boolean begin(@Nullable Instant asOf);

    void text(String value);

    void integer(long value);

    /** The decimal {@code unscaled × 10^-scale}; trailing zeros are not written, except the first after the point. */
    void decimal(long unscaled, int scale);

    void decimal(BigDecimal value);

    void date(LocalDate value);

    void instant(Instant value);

    /** A cell without a value. */
    void absent();

    /** After the last cell of a row. */
    void endRow();

    /**
     * What to run, once, on another thread, when the client goes away before the table is complete; for a query, its
     * cancellation. It may find that what it cancels is over, and may throw then.
     */
    void onAbandoned(Runnable cancel);
}
