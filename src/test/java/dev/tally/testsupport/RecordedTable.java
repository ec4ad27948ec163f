package dev.tally.testsupport;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.tally.platform.table.TableSink;

/** Keeps what is written to it, for assertions. */
public final class RecordedTable implements TableSink {
    private final List<List<@Nullable Object>> rows = new ArrayList<>();
    private List<@Nullable Object> row = new ArrayList<>();
    private @Nullable Instant asOf;
    private long version;

    /** The cells as {@link String}, {@link Long}, {@link BigDecimal}, {@link LocalDate}, {@link Instant} or null. */
    public List<List<@Nullable Object>> rows() {
        return rows;
    }

    public @Nullable Instant asOf() {
        return asOf;
    }

    public long version() {
        return version;
    }

    @Override
    public boolean begin(@Nullable Instant newAsOf, long newVersion) {
        asOf = newAsOf;
        version = newVersion;
        return true;
    }

    @Override
    public void text(String value) {
        row.add(value);
    }

    @Override
    public void numeral(String value) {
        row.add(value);
    }

    @Override
    public void integer(long value) {
        row.add(value);
    }

    @Override
    public void decimal(long unscaled, int scale) {
        row.add(BigDecimal.valueOf(unscaled, scale));
    }

    @Override
    public void decimal(BigDecimal value) {
        row.add(value);
    }

    @Override
    public void date(LocalDate value) {
        row.add(value);
    }

    @Override
    public void instant(Instant value) {
        row.add(value);
    }

    @Override
    public void absent() {
        row.add(null);
    }

    @Override
    public void endRow() {
        rows.add(row);
        row = new ArrayList<>();
    }

    @Override
    public void onAbandoned(Runnable cancel) {
        // Its reader never goes away.
    }
}
