package dev.tally.calls;

import java.time.LocalDate;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import dev.tally.platform.table.TableSink;

/** Writes days as rows of a table, and where asked for the days without calls between them. */
final class DayWriter implements UsageRows<UsageDay> {
    private final TableSink sink;
    private final boolean withMsisdn;
    private final @Nullable Filling filling;
    private boolean wanted;

    private DayWriter(TableSink sink, boolean withMsisdn, @Nullable Filling filling) {
        this.sink = sink;
        this.withMsisdn = withMsisdn;
        this.filling = filling;
    }

    /** For the days of one subscriber, by date, in rows without its MSISDN. */
    static DayWriter ofOne(TableSink sink, Msisdn msisdn, UsagePeriod period, boolean fill) {
        return new DayWriter(sink, false, fill ? new Filling(List.of(msisdn), period) : null);
    }

    /** For the days of several subscribers, by MSISDN and date, in rows with the MSISDN; they are given in that order. */
    static DayWriter ofMany(TableSink sink, List<Msisdn> msisdns, UsagePeriod period, boolean fill) {
        return new DayWriter(sink, true, fill ? new Filling(msisdns, period) : null);
    }

    @Override
    public boolean begin(DataVersion version) {
        wanted = sink.begin(version.asOf(), version.number());
        return wanted;
    }

    @Override
    public void row(UsageDay day) {
        if (filling != null) {
            while (!filling.isAt(day)) {
                write(filling.next());
            }
            filling.next();
        }
        write(day);
    }

    @Override
    public void onAbandoned(Runnable cancel) {
        sink.onAbandoned(cancel);
    }

    /** After the last day. */
    void end() {
        while (wanted && filling != null && filling.hasNext()) {
            write(filling.next());
        }
    }

    private void write(UsageDay day) {
        if (withMsisdn) {
            sink.text(day.msisdn());
        }
        sink.date(day.date());
        day.measures().writeTo(sink);
        sink.endRow();
    }

    /** Every day of every subscriber, without calls. */
    private static final class Filling implements Iterator<UsageDay> {
        private final Iterator<Msisdn> msisdns;
        private final LocalDate start;
        private final LocalDate end;
        private String msisdn;
        private LocalDate date;

        Filling(List<Msisdn> msisdns, UsagePeriod period) {
            this.msisdns = msisdns.iterator();
            this.start = Objects.requireNonNull(period.start());
            this.end = Objects.requireNonNull(period.end());
            this.msisdn = this.msisdns.next().digits();
            this.date = start;
        }

        boolean isAt(UsageDay day) {
            return date.equals(day.date()) && msisdn.equals(day.msisdn());
        }

        @Override
        public boolean hasNext() {
            return !date.isAfter(end);
        }

        @Override
        public UsageDay next() {
            UsageDay day = UsageDay.none(msisdn, date);
            date = date.plusDays(1);
            if (date.isAfter(end) && msisdns.hasNext()) {
                msisdn = msisdns.next().digits();
                date = start;
            }
            return day;
        }
    }
}
