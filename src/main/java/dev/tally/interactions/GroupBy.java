package dev.tally.interactions;

import java.util.Arrays;
import java.util.Optional;

import dev.tally.platform.table.Column;

/** By what interactions are counted. */
enum GroupBy {
    CUSTOMER("customer", Column.integer("customer_id")), CHANNEL("channel", Column.text("channel")), TOPIC("topic",
            Column.text("topic")), CUSTOMER_TYPE("customer_type",
                    Column.text("customer_type")), MONTH("month", Column.text("month"));

    private final String parameter;
    @SuppressWarnings("ImmutableEnumChecker") // It is a record of immutable values.
    private final Column column;

    GroupBy(String parameter, Column column) {
        this.parameter = parameter;
        this.column = column;
    }

    String parameter() {
        return parameter;
    }

    Column column() {
        return column;
    }

    static Optional<GroupBy> find(String parameter) {
        return Arrays.stream(values()).filter(each -> each.parameter.equals(parameter)).findFirst();
    }
}
