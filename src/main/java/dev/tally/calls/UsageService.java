package dev.tally.calls;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Semaphore;

import jakarta.enterprise.context.ApplicationScoped;

import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;
import dev.tally.platform.table.AwaitedTable;
import dev.tally.platform.table.Column;
import dev.tally.platform.table.Field;
import dev.tally.platform.table.Table;
import dev.tally.platform.table.Table.Layout;

/** Answers what was used: each answer is a table whose query runs when it is written. */
@ApplicationScoped
class UsageService {
    private static final Column MSISDN = Column.text("msisdn");
    private static final Column DATE = Column.date("date");
    private static final List<Column> DAY_COLUMNS = columns(List.of(DATE), Measures.COLUMNS);
    private static final List<Column> SEARCH_COLUMNS = columns(List.of(MSISDN, DATE), Measures.COLUMNS);
    private static final List<Column> SUMMARY_COLUMNS = columns(Measures.COLUMNS,
            List.of(Column.integer("active_days"), Column.instant("first_call"), Column.instant("last_call")));
    private static final List<Column> TOP_COLUMNS = List.of(MSISDN, Column.integer("total_calls"),
            Column.integer("total_duration_seconds"));

    private final SubscriberQueries ofOne;
    private final UsageQueries ofMany;
    private final Semaphore searches;

    UsageService(SubscriberQueries ofOne, UsageQueries ofMany, CallsConfig config) {
        this.ofOne = ofOne;
        this.ofMany = ofMany;
        this.searches = new Semaphore(config.maxConcurrentSearches());
    }

    /** The days of one subscriber; with {@code fill} also those without calls, for a period that is not open. */
    AwaitedTable daily(Msisdn msisdn, UsagePeriod period, boolean fill) {
        return new AwaitedTable(abandoned -> ofOne.findDays(msisdn, period, false, abandoned)
                .map(found -> new Table("usage-" + msisdn.digits(), Layout.LIST,
                        fields(period, Field.text("msisdn", msisdn.digits())), true, DAY_COLUMNS, sink -> {
                            DayWriter days = DayWriter.ofOne(sink, msisdn, period, fill);
                            found.writeTo(days);
                            days.end();
                        })));
    }

    /** The whole period of one subscriber: the sum of what {@link #daily} gives. */
    AwaitedTable summary(Msisdn msisdn, UsagePeriod period) {
        return new AwaitedTable(abandoned -> ofOne.findDays(msisdn, period, true, abandoned)
                .map(found -> new Table("usage-summary-" + msisdn.digits(), Layout.OBJECT,
                        fields(period, Field.text("msisdn", msisdn.digits())), true, SUMMARY_COLUMNS, sink -> {
                            SummaryWriter summary = new SummaryWriter(sink);
                            found.writeTo(summary);
                            summary.end();
                        })));
    }

    /** The days of several subscribers, by MSISDN and date. */
    Table search(List<Msisdn> msisdns, UsagePeriod period, boolean fill) {
        List<Msisdn> sorted = msisdns.stream().distinct().sorted(Comparator.comparing(Msisdn::digits)).toList();
        return new Table("usage", Layout.LIST, fields(period), true, SEARCH_COLUMNS, sink -> limited(() -> {
            DayWriter days = DayWriter.ofMany(sink, sorted, period, fill);
            ofMany.findDays(sorted, period, days);
            days.end();
        }));
    }

    /** The subscribers with the most usage, ties by MSISDN. */
    Table top(TopBy by, UsagePeriod period, int limit) {
        return new Table("usage-top", Layout.LIST, fields(period, Field.text("by", by.parameter())), true, TOP_COLUMNS,
                sink -> limited(() -> ofMany.findTop(by, period, limit, new TopWriter(sink))));
    }

    /** An answer over several subscribers holds a connection for as long as its client reads. */
    private void limited(Runnable answer) {
        if (!searches.tryAcquire()) {
            throw new ProblemException(ProblemCode.OVERLOADED,
                    "The service answers as many searches as it can at a time. Ask again later.");
        }
        try {
            answer.run();
        } finally {
            searches.release();
        }
    }

    private static List<Field> fields(UsagePeriod period, Field... first) {
        List<Field> fields = new ArrayList<>(List.of(first));
        fields.add(Field.date("start_date", period.start()));
        fields.add(Field.date("end_date", period.end()));
        fields.add(Field.text("zone", period.zone().getId()));
        return fields;
    }

    private static List<Column> columns(List<Column> first, List<Column> then) {
        List<Column> columns = new ArrayList<>(first);
        columns.addAll(then);
        return columns;
    }
}
