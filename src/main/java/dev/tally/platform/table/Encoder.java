package dev.tally.platform.table;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;

import org.jspecify.annotations.Nullable;

/**
 * One format. {@link AnswerSink} has seen to the order of the calls and the types of the cells; a column is its index
 * among the columns that the encoder was made with.
 */
interface Encoder {
    void start(@Nullable Instant asOf);

    void text(int column, String value);

    void integer(int column, long value);

    void decimal(int column, long unscaled, int scale);

    void decimal(int column, BigDecimal value);

    void numeral(int column, String value);

    void date(int column, LocalDate value);

    void instant(int column, Instant value);

    void absent(int column);

    void endRow();

    /** After the last row; the caller finishes the {@link Output}. */
    void finish(long rows);
}
