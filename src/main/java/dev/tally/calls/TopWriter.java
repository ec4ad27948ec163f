package dev.tally.calls;

import dev.tally.platform.table.TableSink;

/** Writes the subscribers with the most usage as rows of a table. */
final class TopWriter implements UsageRows<TopSubscriber> {
    private final TableSink sink;

    TopWriter(TableSink sink) {
        this.sink = sink;
    }

    @Override
    public boolean begin(DataVersion version) {
        return sink.begin(version.asOf(), version.number());
    }

    @Override
    public void row(TopSubscriber subscriber) {
        sink.text(subscriber.msisdn());
        sink.integer(subscriber.totalCalls());
        sink.integer(subscriber.totalDurationSeconds());
        sink.endRow();
    }

    @Override
    public void onAbandoned(Runnable cancel) {
        sink.onAbandoned(cancel);
    }
}
