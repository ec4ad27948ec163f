package dev.tally.interactions;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

import jakarta.enterprise.context.ApplicationScoped;

import org.jspecify.annotations.Nullable;

import dev.tally.interactions.StatisticsQueries.ChannelCount;
import dev.tally.interactions.StatisticsQueries.CustomerCount;
import dev.tally.interactions.StatisticsQueries.Filter;
import dev.tally.interactions.StatisticsQueries.GroupCount;
import dev.tally.interactions.StatisticsQueries.ShownChannel;
import dev.tally.interactions.StatisticsQueries.ShownChannels;
import dev.tally.interactions.StatisticsQueries.TypeCount;
import dev.tally.interactions.StatisticsQueries.Version;
import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;
import dev.tally.platform.table.Column;
import dev.tally.platform.table.Field;
import dev.tally.platform.table.Table;
import dev.tally.platform.table.Table.Layout;
import dev.tally.platform.table.TableSink;

/** Answers how often customers were in contact: each answer is a table that runs its query when it is written. */
@ApplicationScoped
class StatisticsService {
    private static final Column INTERACTIONS = Column.integer("interactions");
    /** How a topic, of which only the month is known, finds interactions. */
    private static final Field TOPIC_RULE = Field.text("topic_rule", "same_month");

    private final StatisticsQueries queries;
    private final Semaphore permits;

    StatisticsService(StatisticsQueries queries, InteractionsConfig config) {
        this.queries = queries;
        this.permits = new Semaphore(config.maxConcurrentStatistics());
    }

    /**
     * What is counted.
     *
     * @param topic as the client wrote it; null for all interactions
     */
    record Question(Period period, @Nullable String topic) {
        Filter filter() {
            return new Filter(period, topic == null ? null : Spelling.productKey(topic));
        }

        boolean isAboutInteractions() {
            return period.range().start() != null || period.range().end() != null || topic != null;
        }
    }

    /** The interactions of a customer by channel; every known channel has a row. */
    Table ofCustomer(long customerId, Question question) {
        List<Field> fields = new ArrayList<>(List.of(Field.integer("customer_id", customerId)));
        fields.addAll(topicFields(question, false));
        return new Table("interactions-" + customerId, Layout.MAP, fields, false,
                List.of(Column.text("channel"), INTERACTIONS), sink -> {
                    boolean known = queries.findOfCustomer(customerId, question.filter(),
                            new RowWriter<ChannelCount>(sink, row -> {
                                sink.text(row.channel());
                                sink.integer(row.interactions());
                            }));
                    if (!known) {
                        throw new ProblemException(ProblemCode.CUSTOMER_NOT_FOUND, "Customer not found");
                    }
                });
    }

    /** Every customer, a column for each known channel. */
    Table ofAll(Question question) {
        ShownChannels shown = queries.findChannels();
        List<Column> columns = new ArrayList<>(List.of(Column.integer("customer_id")));
        shown.channels().forEach(channel -> columns.add(Column.integer(channel.name())));
        return new Table("interactions-all", Layout.LIST, fields(question, List.of(), false), true, columns,
                sink -> limited(() -> {
                    PivotWriter pivot = new PivotWriter(sink, shown);
                    queries.findOfAll(question.filter(), pivot);
                    pivot.end();
                }));
    }

    /** A row for each group with interactions. */
    Table grouped(List<GroupBy> groups, Question question) {
        List<Column> columns = new ArrayList<>(groups.stream().map(GroupBy::column).toList());
        columns.add(INTERACTIONS);
        Field groupBy = Field.texts("group_by", groups.stream().map(GroupBy::parameter).toList());
        return new Table("interactions-by-" + String.join("-", groups.stream().map(GroupBy::parameter).toList()),
                Layout.LIST, fields(question, List.of(groupBy), groups.contains(GroupBy.TOPIC)), true, columns,
                sink -> limited(() -> queries.findGrouped(groups, question.filter(),
                        new RowWriter<GroupCount>(sink, row -> {
                            row.keys().forEach(key -> cell(sink, key));
                            sink.integer(row.interactions());
                        }))));
    }

    private static void cell(TableSink sink, @Nullable Object key) {
        switch (key) {
            case null -> sink.absent();
            case Long id -> sink.integer(id);
            default -> sink.text(key.toString());
        }
    }

    /** Customers by type; with a range or a topic only those with such interactions. */
    Table customersByType(Question question) {
        Filter filter = question.isAboutInteractions() ? question.filter() : null;
        return new Table("customers-by-type", Layout.ARRAY, List.of(), false,
                List.of(Column.text("customer_type"), Column.integer("customers")),
                sink -> limited(() -> queries.findCustomersByType(filter, new RowWriter<TypeCount>(sink, row -> {
                    cell(sink, row.type());
                    sink.integer(row.customers());
                }))));
    }

    private static List<Field> fields(Question question, List<Field> first, boolean byTopic) {
        List<Field> fields = new ArrayList<>(first);
        fields.add(Field.date("start_date", question.period().range().start()));
        fields.add(Field.date("end_date", question.period().range().end()));
        fields.add(Field.text("zone", question.period().zone().getId()));
        fields.addAll(topicFields(question, byTopic));
        return fields;
    }

    private static List<Field> topicFields(Question question, boolean byTopic) {
        List<Field> fields = new ArrayList<>();
        if (question.topic() != null) {
            fields.add(Field.text("topic", question.topic()));
        }
        if (byTopic || question.topic() != null) {
            fields.add(TOPIC_RULE);
        }
        return fields;
    }

    /** An answer over all customers holds a connection for as long as its client reads. */
    private void limited(Runnable answer) {
        if (!permits.tryAcquire()) {
            throw new ProblemException(ProblemCode.OVERLOADED,
                    "The service answers as many statistics as it can at a time. Ask again later.");
        }
        try {
            answer.run();
        } finally {
            permits.release();
        }
    }

    /** Tells a table of the state of the data, and a query of a client that is gone. */
    private abstract static class SinkRows<T> implements StatisticsQueries.Rows<T> {
        private final TableSink sink;

        SinkRows(TableSink sink) {
            this.sink = sink;
        }

        @Override
        public boolean begin(Version version) {
            return sink.begin(version.changedAt(), version.number());
        }

        @Override
        public void onAbandoned(Runnable cancel) {
            sink.onAbandoned(cancel);
        }
    }

    /** Writes each row of a query as one of a table. */
    private static final class RowWriter<T> extends SinkRows<T> {
        private final TableSink sink;
        private final Consumer<T> cells;

        RowWriter(TableSink sink, Consumer<T> cells) {
            super(sink);
            this.sink = sink;
            this.cells = cells;
        }

        @Override
        public void row(T row) {
            cells.accept(row);
            sink.endRow();
        }
    }

    /** Makes one row of a customer out of those of its channels. */
    private static final class PivotWriter extends SinkRows<CustomerCount> {
        private final TableSink sink;
        private final ShownChannels shown;
        private final Map<Integer, Integer> placeById = new HashMap<>();
        private final long[] counts;
        private long customerId;

        PivotWriter(TableSink sink, ShownChannels shown) {
            super(sink);
            this.sink = sink;
            this.shown = shown;
            this.counts = new long[shown.channels().size()];
            for (int place = 0; place < counts.length; place++) {
                ShownChannel channel = shown.channels().get(place);
                if (channel.id() != null) {
                    placeById.put(channel.id(), place);
                }
            }
        }

        @Override
        public boolean begin(Version version) {
            if (version.number() != shown.version().number()) {
                // The columns are those of a state that is gone.
                throw new ProblemException(ProblemCode.OVERLOADED,
                        "The data was changed while the answer was begun. Ask again.");
            }
            return super.begin(version);
        }

        @Override
        public void row(CustomerCount row) {
            if (row.customerId() != customerId) {
                end();
                customerId = row.customerId();
            }
            Integer channelId = row.channelId();
            if (channelId != null) {
                Integer place = placeById.get(channelId);
                if (place == null) {
                    throw new IllegalStateException("The channel " + channelId + " is not among those of this state");
                }
                counts[place] = row.interactions();
            }
        }

        /** After the last row. */
        void end() {
            if (customerId > 0) {
                sink.integer(customerId);
                for (int place = 0; place < counts.length; place++) {
                    sink.integer(counts[place]);
                    counts[place] = 0;
                }
                sink.endRow();
                customerId = 0;
            }
        }
    }
}
