package dev.tally.records;

import java.util.List;

import dev.tally.platform.table.Column;
import dev.tally.platform.table.Field;
import dev.tally.platform.table.Table;
import dev.tally.platform.table.Table.Layout;
import dev.tally.platform.table.TableSink;

/** The tables in which consumers get records. */
final class RecordTables {
    private static final List<Column> COLUMNS = List.of(Column.text("canonical_key"), Column.text("name"),
            Column.text("email"), Column.text("phone"), Column.date("dob"));

    private RecordTables() {}

    /** @param total how many records the search finds */
    static Table ofSearch(List<CanonicalRecord> records, long total, long creditsUsed, long responseMillis) {
        return table("records", Layout.ROWS, records, "{\"total_records\":" + total + ",\"credits_used\":"
                + creditsUsed + ",\"response_time_ms\":" + responseMillis + "}");
    }

    static Table ofRecord(CanonicalRecord found, long creditsUsed, long responseMillis) {
        return table("record", Layout.RECORD, List.of(found), "{\"credits_used\":" + creditsUsed
                + ",\"response_time_ms\":" + responseMillis + "}");
    }

    /** What a search would cost. */
    static Table ofPrice(long creditsRequired, long creditsAvailable) {
        return table("records", Layout.ROWS, List.of(), "{\"credits_used\":0,\"credits_required\":" + creditsRequired
                + ",\"credits_available\":" + creditsAvailable + ",\"response_time_ms\":0}");
    }

    private static Table table(String name, Layout layout, List<CanonicalRecord> records, String metadata) {
        return new Table(name, layout, List.of(), false, COLUMNS, sink -> write(records, sink)).uncached()
                .withFieldsAfter(List.of(Field.json("metadata", metadata)));
    }

    private static void write(List<CanonicalRecord> records, TableSink sink) {
        if (!sink.begin(null)) {
            return;
        }
        for (CanonicalRecord one : records) {
            sink.text(one.canonicalKey());
            sink.text(one.name());
            sink.text(one.email());
            sink.text(one.phone());
            if (one.dob().isPresent()) {
                sink.date(one.dob().get());
            } else {
                sink.absent();
            }
            sink.endRow();
        }
    }
}
