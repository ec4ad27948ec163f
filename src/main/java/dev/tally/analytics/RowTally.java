package dev.tally.analytics;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

import dev.tally.platform.csv.CsvFields;
import dev.tally.platform.csv.RowBatch;

/**
 * The figures of some rows. Those of the stretches of an object, and of several objects, can be put together. Not for
 * several threads at once.
 */
final class RowTally {
    /** The number of the one group of a metric that has none. */
    private static final int ALL = 0;

    private final Metric metric;
    private final byte decimalMark;
    private final GroupTable groups;
    private final Measurement measurement;
    private final DistinctValues values;
    private final List<Reject> rejects = new ArrayList<>();
    /** Of the batch that is being added. */
    private final List<Reject> found = new ArrayList<>();
    private long rowsRead;
    private long rowsRejected;
    private long lineBreaks;
    private byte[] scratch = new byte[64];

    /**
     * @param maxGroups of groups, and of distinct values in all
     * @param tooMany what to throw beyond the bound
     */
    RowTally(Metric metric, int maxGroups, Supplier<RuntimeException> tooMany) {
        this.metric = metric;
        this.decimalMark = (byte) (metric.dataset().decimalComma() ? ',' : '.');
        this.groups = new GroupTable(maxGroups, metric.dataset().isUtf8(), tooMany);
        this.measurement = Measurement.of(metric.measure(), metric.decimals());
        this.values = new DistinctValues(maxGroups, tooMany);
    }

    /**
     * A row that was left out.
     *
     * @param place in the bytes while they are read, then its line, counted from what was tallied first
     */
    private record Reject(long place, String reason) {}

    void clear() {
        groups.clear();
        measurement.clear();
        values.clear();
        rejects.clear();
        rowsRead = 0;
        rowsRejected = 0;
        lineBreaks = 0;
    }

    /** On which line, from 1, that begins which is added next. */
    long nextLine() {
        return lineBreaks + 1;
    }

    /** Lines that hold no rows, such as those of the header. */
    void skipLines(long lines) {
        lineBreaks += lines;
    }

    /** @param from where the scanning began that filled the batch */
    void add(RowPlan plan, byte[] bytes, int from, RowBatch batch) {
        rowsRead += batch.rows() + batch.misfits();
        rowsRejected += batch.misfits();
        for (int i = 0; i < Math.min(batch.misfits(), Figures.MAX_REJECTS); i++) {
            RowBatch.Misfit misfit = batch.misfit(i);
            found.add(new Reject(misfit.start(), switch (misfit.fault()) {
                case NUMBER_OF_FIELDS -> RowReasons.wrongNumberOfFields(misfit.fields(), plan.columns());
                case TEXT_AFTER_QUOTE -> RowReasons.textAfterQuote();
                case OPEN_QUOTE -> RowReasons.openQuote();
            }));
        }
        if (isPlainCount(plan)) {
            countGroups(plan, bytes, batch);
        } else {
            for (int row = 0; row < batch.rows(); row++) {
                if (passes(plan, bytes, batch, row)) {
                    measure(plan, bytes, batch, row);
                }
            }
        }
        keepFirst(bytes, from);
        lineBreaks += batch.lineBreaks();
    }

    private boolean isPlainCount(RowPlan plan) {
        return metric.measure() == Measure.COUNT && plan.group() >= 0 && plan.filters().isEmpty();
    }

    /** What most metrics do with most rows, without the questions that others have to ask. */
    private void countGroups(RowPlan plan, byte[] bytes, RowBatch batch) {
        int[] starts = batch.starts(plan.group());
        int[] ends = batch.ends(plan.group());
        int rows = batch.rows();
        for (int row = 0; row < rows; row++) {
            int group = ends[row] >= 0
                    ? groups.find(bytes, starts[row], ends[row])
                    : groups.find(scratch, 0, undouble(bytes, starts[row], ends[row]));
            if (group >= 0) {
                measurement.add(group, 0);
            } else {
                reject(batch, row, RowReasons.notUtf8(metric.groupBy().orElseThrow()));
            }
        }
    }

    private boolean passes(RowPlan plan, byte[] bytes, RowBatch batch, int row) {
        for (FilterPlan filter : plan.filters()) {
            int start = batch.starts(filter.place())[row];
            int end = batch.ends(filter.place())[row];
            boolean passes = end >= 0
                    ? filter.passes(bytes, start, end)
                    : filter.passes(scratch, 0, undouble(bytes, start, end));
            if (!passes) {
                return false;
            }
        }
        return true;
    }

    private void measure(RowPlan plan, byte[] bytes, RowBatch batch, int row) {
        if (metric.measure().isOfAmounts()) {
            measureAmount(plan, bytes, batch, row);
            return;
        }
        boolean distinct = metric.measure() == Measure.DISTINCT;
        if (distinct && metric.dataset().isUtf8() && !isUtf8(plan.measured(), bytes, batch, row)) {
            reject(batch, row, isGroupRefused(plan, bytes, batch, row)
                    ? RowReasons.notUtf8(metric.groupBy().orElseThrow())
                    : RowReasons.notUtf8(metric.column().orElseThrow()));
            return;
        }
        int group = group(plan, bytes, batch, row);
        if (group == GroupTable.REFUSED) {
            reject(batch, row, RowReasons.notUtf8(metric.groupBy().orElseThrow()));
        } else if (!distinct || isNewValue(group, plan, bytes, batch, row)) {
            measurement.add(group, 0);
        }
    }

    private void measureAmount(RowPlan plan, byte[] bytes, RowBatch batch, int row) {
        int start = batch.starts(plan.measured())[row];
        int end = batch.ends(plan.measured())[row];
        // A quotation mark is part of no amount, so it need not be undoubled.
        long scaled = end < 0 ? Amounts.UNKNOWN : Amounts.scaled(bytes, start, end, decimalMark);
        Optional<BigDecimal> exact = scaled != Amounts.UNKNOWN || end < 0
                ? Optional.empty()
                : Amounts.exact(bytes, start, end, decimalMark);
        if (scaled == Amounts.UNKNOWN && exact.isEmpty()) {
            reject(batch, row, isGroupRefused(plan, bytes, batch, row)
                    ? RowReasons.notUtf8(metric.groupBy().orElseThrow())
                    : RowReasons.noAmount(metric.column().orElseThrow(),
                            CsvFields.text(bytes, start, end, plan.charset())));
            return;
        }
        int group = group(plan, bytes, batch, row);
        if (group == GroupTable.REFUSED) {
            reject(batch, row, RowReasons.notUtf8(metric.groupBy().orElseThrow()));
        } else if (exact.isPresent()) {
            measurement.add(group, exact.get());
        } else {
            measurement.add(group, scaled);
        }
    }

    private int group(RowPlan plan, byte[] bytes, RowBatch batch, int row) {
        if (plan.group() < 0) {
            return ALL;
        }
        int start = batch.starts(plan.group())[row];
        int end = batch.ends(plan.group())[row];
        return end >= 0 ? groups.find(bytes, start, end) : groups.find(scratch, 0, undouble(bytes, start, end));
    }

    private boolean isGroupRefused(RowPlan plan, byte[] bytes, RowBatch batch, int row) {
        return plan.group() >= 0 && metric.dataset().isUtf8() && !isUtf8(plan.group(), bytes, batch, row);
    }

    private static boolean isUtf8(int column, byte[] bytes, RowBatch batch, int row) {
        int end = batch.ends(column)[row];
        // Doubled quotation marks do not make UTF-8 of what is none, or the other way.
        return CsvFields.isUtf8(bytes, batch.starts(column)[row], end >= 0 ? end : ~end);
    }

    private boolean isNewValue(int group, RowPlan plan, byte[] bytes, RowBatch batch, int row) {
        int start = batch.starts(plan.measured())[row];
        int end = batch.ends(plan.measured())[row];
        return end >= 0
                ? values.add(group, bytes, start, end)
                : values.add(group, scratch, 0, undouble(bytes, start, end));
    }

    private int undouble(byte[] bytes, int start, int complementOfEnd) {
        if (~complementOfEnd - start > scratch.length) {
            scratch = new byte[~complementOfEnd - start];
        }
        return CsvFields.undouble(bytes, start, ~complementOfEnd, scratch);
    }

    private void reject(RowBatch batch, int row, String reason) {
        rowsRejected++;
        if (found.size() < 2 * Figures.MAX_REJECTS) {
            found.add(new Reject(batch.rowStarts()[row], reason));
        }
    }

    private void keepFirst(byte[] bytes, int from) {
        if (found.isEmpty()) {
            return;
        }
        found.sort(Comparator.comparingLong(Reject::place));
        long line = nextLine();
        int position = from;
        for (int i = 0; i < found.size() && rejects.size() < Figures.MAX_REJECTS; i++) {
            for (; position < found.get(i).place(); position++) {
                line += bytes[position] == '\n' ? 1 : 0;
            }
            rejects.add(new Reject(line, found.get(i).reason()));
        }
        found.clear();
    }

    /** Puts that behind this which was tallied of what comes next in the same object. */
    void append(RowTally next) {
        for (Reject reject : next.rejects) {
            if (rejects.size() < Figures.MAX_REJECTS) {
                rejects.add(new Reject(lineBreaks + reject.place(), reject.reason()));
            }
        }
        lineBreaks += next.lineBreaks;
        include(next);
    }

    /** Adds what was tallied of anything, without saying which rows of it were left out. */
    void include(RowTally other) {
        rowsRead += other.rowsRead;
        rowsRejected += other.rowsRejected;
        if (metric.measure() == Measure.DISTINCT) {
            values.addAll(other.values, group -> groupOf(other, group), group -> measurement.add(group, 0));
        } else if (metric.groupBy().isEmpty()) {
            measurement.add(ALL, other.measurement, ALL);
        } else {
            for (int group = 0; group < other.groups.size(); group++) {
                measurement.add(groupOf(other, group), other.measurement, group);
            }
        }
    }

    private int groupOf(RowTally other, int group) {
        return metric.groupBy().isEmpty() ? ALL : groups.find(other.groups, group);
    }

    /** The first rows that were left out. */
    List<Figures.Reject> rejects(String key) {
        return rejects.stream().map(reject -> new Figures.Reject(key, reject.place(), reject.reason())).toList();
    }

    /** Everything, in order. */
    Figures figures(List<Figures.Reject> rejectsOfAll) {
        List<Figures.Group> all = new ArrayList<>();
        if (metric.groupBy().isEmpty()) {
            all.add(new Figures.Group("", measurement.figure(ALL)));
        }
        for (int group = 0; group < groups.size(); group++) {
            all.add(new Figures.Group(new String(groups.value(group), metric.dataset().charset()),
                    measurement.figure(group)));
        }
        return Figures.of(metric, all, rowsRead, rowsRejected, rejectsOfAll);
    }
}
