package dev.tally.platform.table;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/** Sees to it that a source keeps to its table, and hands the cells to the encoder. */
final class AnswerSink implements TableSink {
    private static final Column AS_OF = Column.instant("as_of");

    private final Table table;
    private final Supplier<Encoder> encoders;
    private final Transport transport;
    private final RowsWanted wantsRows;
    private final ColumnType[] types;
    private @Nullable Encoder encoder;
    private State state = State.NEW;
    private int column;
    private long rows;

    /** Decides, from the state of the data that is to be shown, whether the client needs any row. */
    @FunctionalInterface
    interface RowsWanted {
        boolean test(@Nullable Instant asOf, long version);
    }

    private enum State {
        NEW, ROWS, NO_ROWS
    }

    /**
     * @param columns as {@link #columns} says
     * @param encoders asked for one when there are rows to write
     * @param wantsRows asked once, with the state of the data, whether rows are to be written
     */
    AnswerSink(Table table, List<Column> columns, Supplier<Encoder> encoders, Transport transport,
            RowsWanted wantsRows) {
        this.table = table;
        this.encoders = encoders;
        this.transport = transport;
        this.wantsRows = wantsRows;
        this.types = columns.stream().map(Column::type).toArray(ColumnType[]::new);
    }

    /** The columns of a row as the encoder sees it: in the layout of an object, what stands beside the row is in it. */
    static List<Column> columns(Table table) {
        return columns(table.layout(), table.fields(), table.asOf(), table.columns());
    }

    /** The same for a table that is being made. */
    static List<Column> columns(Table.Layout layout, List<Field> fields, boolean asOf, List<Column> columns) {
        if (layout != Table.Layout.OBJECT) {
            return columns;
        }
        List<Column> all = new ArrayList<>();
        fields.forEach(field -> all.add(field.column()));
        if (asOf) {
            all.add(AS_OF);
        }
        all.addAll(columns);
        return all;
    }

    @Override
    public boolean begin(@Nullable Instant asOf, long version) {
        if (state != State.NEW) {
            throw new IllegalStateException("The table " + table.name() + " was begun twice");
        }
        transport.requireClient();
        if (!wantsRows.test(asOf, version)) {
            state = State.NO_ROWS;
            return false;
        }
        state = State.ROWS;
        encoder = encoders.get();
        encoder.start(asOf);
        if (table.layout() == Table.Layout.OBJECT) {
            table.fields().forEach(this::field);
            if (table.asOf()) {
                asOf(asOf);
            }
        }
        return true;
    }

    private void field(Field field) {
        switch (field.value()) {
            case null -> absent();
            case String text -> text(text);
            case Long integer -> integer(integer);
            case LocalDate date -> date(date);
            default -> throw new IllegalArgumentException("A field of " + field.value().getClass());
        }
    }

    private void asOf(@Nullable Instant asOf) {
        if (asOf == null) {
            absent();
        } else {
            instant(asOf);
        }
    }

    @Override
    public void text(String value) {
        encoder().text(next(ColumnType.TEXT), Objects.requireNonNull(value));
    }

    @Override
    public void integer(long value) {
        encoder().integer(next(ColumnType.INTEGER), value);
    }

    @Override
    public void decimal(long unscaled, int scale) {
        encoder().decimal(next(ColumnType.DECIMAL), unscaled, scale);
    }

    @Override
    public void decimal(BigDecimal value) {
        encoder().decimal(next(ColumnType.DECIMAL), Objects.requireNonNull(value));
    }

    @Override
    public void numeral(String value) {
        encoder().numeral(next(ColumnType.NUMERAL), Objects.requireNonNull(value));
    }

    @Override
    public void date(LocalDate value) {
        encoder().date(next(ColumnType.DATE), Objects.requireNonNull(value));
    }

    @Override
    public void instant(Instant value) {
        encoder().instant(next(ColumnType.INSTANT), Objects.requireNonNull(value));
    }

    @Override
    public void absent() {
        encoder().absent(next(null));
    }

    @Override
    public void endRow() {
        if (state != State.ROWS || column != types.length) {
            throw misuse("ended a row after " + column + " of " + types.length + " cells");
        }
        rows++;
        if (rows > 1 && table.layout().isOfOneRow()) {
            throw misuse("has a second row, though it is an object");
        }
        column = 0;
        encoder().endRow();
        transport.requireClient();
    }

    @Override
    public void onAbandoned(Runnable cancel) {
        transport.onAbandoned(cancel);
    }

    /** How many rows were written. */
    long rows() {
        return rows;
    }

    /**
     * After the source has returned: writes what comes after the rows.
     *
     * @return whether there is an answer with rows; else there is none to send
     */
    boolean finish() {
        if (state == State.NO_ROWS) {
            return false;
        }
        if (state == State.NEW || column != 0) {
            throw misuse("was left incomplete");
        }
        if (rows != 1 && table.layout().isOfOneRow()) {
            throw misuse("has no row, though it is an object");
        }
        encoder().finish(rows);
        return true;
    }

    private Encoder encoder() {
        if (encoder == null) {
            throw misuse("was not begun");
        }
        return encoder;
    }

    private int next(@Nullable ColumnType type) {
        int current = column;
        if (state != State.ROWS || current == types.length || (type != null && types[current] != type)) {
            throw misuse("wrote " + (type == null ? "an absent cell" : type) + " as cell " + current + " of "
                    + List.of(types));
        }
        column = current + 1;
        return current;
    }

    private IllegalStateException misuse(String what) {
        return new IllegalStateException("The table " + table.name() + " " + what);
    }
}
