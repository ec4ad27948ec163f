package dev.tally.credits;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import dev.tally.platform.table.Column;
import dev.tally.platform.table.Field;
import dev.tally.platform.table.Table;
import dev.tally.platform.table.Table.Layout;
import dev.tally.platform.table.TableSink;

/** Lays out what is seen of accounts. None of it is kept by a client: it is different a moment later. */
final class AccountTables {
    private static final Column USER_ID = Column.integer("user_id");
    private static final Column CREATED_AT = Column.instant("created_at");
    private static final List<Column> USERS = List.of(USER_ID, Column.text("name"), Column.text("email"),
            Column.text("is_admin"), Column.integer("credits"), Column.text("scopes"), CREATED_AT);
    private static final List<Column> MOVEMENT = List.of(CREATED_AT, Column.text("kind"), Column.integer("amount"),
            Column.integer("balance_after"), Column.text("reference"));
    private static final List<Column> LOGS = List.of(Column.integer("id"), USER_ID, CREATED_AT,
            Column.text("endpoint"), Column.text("query_params"), Column.integer("records_returned"),
            Column.integer("credits_used"), Column.integer("response_time_ms"), Column.text("state"));
    private static final List<Column> FIGURES = List.of(Column.text("endpoint"), Column.integer("requests"),
            Column.integer("records_returned"), Column.integer("credits_used"));

    private static final List<Column> BALANCES = List.of(Column.date("date"), Column.integer("entries"),
            Column.integer("added"), Column.integer("taken"), Column.integer("balance"));

    private AccountTables() {}

    /** For CSV and XLSX; in JSON a user is an object with a list. */
    static Table users(List<Account> rows) {
        return list("users", List.of(), USERS, (row, sink) -> {
            sink.integer(row.userId());
            sink.text(row.name());
            sink.text(row.email());
            sink.text(Boolean.toString(row.admin()));
            sink.integer(row.credits());
            sink.text(String.join(" ", row.scopes()));
            sink.instant(row.createdAt());
        }, rows);
    }

    /** @param ofAll whether a row says whose it is */
    static Table ledger(List<LedgerEntry> rows, boolean ofAll) {
        List<Column> columns = new ArrayList<>(List.of(Column.integer("id")));
        if (ofAll) {
            columns.add(USER_ID);
        }
        columns.addAll(MOVEMENT);
        return list("ledger", List.of(), columns, (row, sink) -> {
            sink.integer(row.id());
            if (ofAll) {
                sink.integer(row.userId());
            }
            sink.instant(row.createdAt());
            sink.text(row.kind());
            sink.integer(row.amount());
            sink.integer(row.balanceAfter());
            sink.text(row.reference());
        }, rows);
    }

    static Table logs(UsageRange range, List<UsageLog> rows) {
        return list("usage-logs", fields(range), LOGS, (row, sink) -> {
            sink.integer(row.id());
            sink.integer(row.userId());
            sink.instant(row.createdAt());
            sink.text(row.endpoint());
            sink.text(row.queryParams());
            sink.integer(row.recordsReturned());
            sink.integer(row.creditsUsed());
            Optional.ofNullable(row.responseTimeMillis()).ifPresentOrElse(sink::integer, sink::absent);
            sink.text(row.state());
        }, rows);
    }

    /** The usage of all users. */
    static Table usage(UsageRange range, List<UsageDay> rows) {
        List<Column> columns = new ArrayList<>(List.of(Column.date("date"), USER_ID, Column.text("email")));
        columns.addAll(FIGURES);
        return list("usage", fields(range), columns, (row, sink) -> {
            sink.date(row.date());
            sink.integer(row.userId());
            Optional.ofNullable(row.email()).ifPresentOrElse(sink::text, sink::absent);
            figures(row, sink);
        }, rows);
    }

    /** The usage of one user. */
    static Table usageOfOne(UsageRange range, List<UsageDay> rows) {
        List<Column> columns = new ArrayList<>(List.of(Column.date("date")));
        columns.addAll(FIGURES);
        return list("usage", fields(range), columns, (row, sink) -> {
            sink.date(row.date());
            figures(row, sink);
        }, rows);
    }

    /** The balance of one user. */
    static Table balances(UsageRange range, List<BalanceDay> rows) {
        return list("balances", fields(range), BALANCES, (row, sink) -> {
            sink.date(row.date());
            sink.integer(row.entries());
            sink.integer(row.added());
            sink.integer(row.taken());
            sink.integer(row.balance());
        }, rows);
    }

    private static void figures(UsageDay row, TableSink sink) {
        sink.text(row.endpoint());
        sink.integer(row.requests());
        sink.integer(row.recordsReturned());
        sink.integer(row.creditsUsed());
    }

    private static List<Field> fields(UsageRange range) {
        return List.of(Field.date("start_date", range.range().start()), Field.date("end_date", range.range().end()),
                Field.text("zone", range.zone().getId()));
    }

    /** Writes the cells of a row. */
    @FunctionalInterface
    private interface Cells<T> {
        void write(T row, TableSink sink);
    }

    private static <T> Table list(String name, List<Field> fields, List<Column> columns, Cells<T> cells,
            List<T> rows) {
        return new Table(name, Layout.LIST, fields, false, columns, sink -> {
            if (sink.begin(null)) {
                rows.forEach(row -> {
                    cells.write(row, sink);
                    sink.endRow();
                });
            }
        }).uncached();
    }
}
