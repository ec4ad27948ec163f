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
     * @param asOf when the data behind this answer last changed, null when there is none yet
     * @param version which state of that data this is. The same {@code asOf} and version must mean the same rows: the
     *        strong {@code ETag} is made of them and of the request. A time alone does not say that of several
     *        subscribers, of whom two may change in one microsecond, or commit in another order.
     * @return false when the client has these very bytes already ({@code If-None-Match}) or wants no body: then no row
     *         may follow and the source returns
     */
    boolean begin(@Nullable Instant asOf, long version);

    /** {@link #begin(Instant, long)} for data of which the time of the last change says which state it is. */
    default boolean begin(@Nullable Instant asOf) {
        return begin(asOf, 0);
    }

    void text(String value);

    void integer(long value);

    /** The decimal {@code unscaled × 10^-scale}; trailing zeros are not written, except the first after the point. */
    void decimal(long unscaled, int scale);

    void decimal(BigDecimal value);

    /** A number as it came, or whatever came in its place. */
    void numeral(String value);

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
