package dev.tally.calls;

import java.util.List;

/** The days with calls of one subscriber, by date, all of one state of the data. */
record SubscriberDays(DataVersion version, List<UsageDay> days) {
    void writeTo(UsageRows<UsageDay> rows) {
        if (rows.begin(version)) {
            days.forEach(rows::row);
        }
    }
}
