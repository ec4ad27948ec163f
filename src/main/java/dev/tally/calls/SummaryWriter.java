package dev.tally.calls;

import java.time.Instant;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import dev.tally.platform.table.TableSink;

/** Adds the days of one subscriber up to one row of a table. */
final class SummaryWriter implements UsageRows<UsageDay> {
    private final TableSink sink;
    private Measures total = Measures.NONE;
    private long activeDays;
    private @Nullable Instant firstCall;
    private @Nullable Instant lastCall;
    private boolean wanted;

    SummaryWriter(TableSink sink) {
        this.sink = sink;
    }

    @Override
    public boolean begin(DataVersion version) {
        wanted = sink.begin(version.asOf(), version.number());
        return wanted;
    }

    @Override
    public void row(UsageDay day) {
        total = total.plus(day.measures());
        activeDays++;
        // Dates come in order, but the clocks of a zone can go back over midnight.
        Instant first = Objects.requireNonNull(day.firstCall());
        Instant last = Objects.requireNonNull(day.lastCall());
        firstCall = firstCall == null || first.isBefore(firstCall) ? first : firstCall;
        lastCall = lastCall == null || last.isAfter(lastCall) ? last : lastCall;
    }

    @Override
    public void onAbandoned(Runnable cancel) {
        sink.onAbandoned(cancel);
    }

    /** After the last day. */
    void end() {
        if (!wanted) {
            return;
        }
        total.writeTo(sink);
        sink.integer(activeDays);
        instant(firstCall);
        instant(lastCall);
        sink.endRow();
    }

    private void instant(@Nullable Instant value) {
        if (value == null) {
            sink.absent();
        } else {
            sink.instant(value);
        }
    }
}
