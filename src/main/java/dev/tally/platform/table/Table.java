package dev.tally.platform.table;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * An answer that is a table. An endpoint returns one, and produces {@link TableFormat}'s media types.
 *
 * @param name the file's name without ending, of {@code [A-Za-z0-9._-]}
 * @param layout how the table stands in JSON
 * @param fields what stands before the rows in JSON, in this order; after them follows {@code as_of} when
 *        {@code asOf} is true
 * @param asOf whether {@code as_of} is shown
 * @param columns the columns, each with a name of its own; {@link ColumnNames} makes them so
 * @param source the rows
 * @param fieldsAfter what stands behind the rows in JSON, in the layouts of a list, of rows and of a record only; if
 *        there is anything, {@code as_of} follows these instead
 * @param headers of the answer, by their names
 * @param cached whether clients may keep the answer, and ask by its {@code ETag} whether it still stands
 */
public record Table(String name, Layout layout, List<Field> fields, boolean asOf, List<Column> columns,
        TableSource source, List<Field> fieldsAfter, Map<String, String> headers, boolean cached) {
    private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9._-]+");

    public Table {
        if (!FILE_NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("Not a file name: " + name);
        }
        if (columns.isEmpty()) {
            throw new IllegalArgumentException("A table needs a column");
        }
        if (layout.isOfPairs() && (columns.size() != 2 || columns.getFirst().type() != ColumnType.TEXT)) {
            throw new IllegalArgumentException("A map is of a text and a value");
        }
        if (layout == Layout.OBJECT && !fields.stream().allMatch(Field::isCell)) {
            throw new IllegalArgumentException("A field of an object is a single value");
        }
        if (!layout.takesFieldsAfter() && !fieldsAfter.isEmpty()) {
            throw new IllegalArgumentException("Nothing stands behind the rows of " + layout);
        }
        fields = List.copyOf(fields);
        columns = List.copyOf(columns);
        fieldsAfter = List.copyOf(fieldsAfter);
        headers = Map.copyOf(headers);
        requireDistinctNames(layout, fields, asOf, columns);
    }

    /** A table with nothing behind its rows, no header of its own, and an {@code ETag}. */
    public Table(String name, Layout layout, List<Field> fields, boolean asOf, List<Column> columns,
            TableSource source) {
        this(name, layout, fields, asOf, columns, source, List.of(), Map.of(), true);
    }

    /** Whether {@code as_of} stands behind the rows, rather than before them. */
    boolean asOfLast() {
        return asOf && !fieldsAfter.isEmpty();
    }

    /** The same table with what stands behind its rows. */
    public Table withFieldsAfter(List<Field> after) {
        return new Table(name, layout, fields, asOf, columns, source, after, headers, cached);
    }

    /** The same table with headers of its answer. */
    public Table withHeaders(Map<String, String> others) {
        return new Table(name, layout, fields, asOf, columns, source, fieldsAfter, others, cached);
    }

    /** The same table, which nobody may keep: {@code Cache-Control: no-store}, and no {@code ETag}. */
    public Table uncached() {
        return new Table(name, layout, fields, asOf, columns, source, fieldsAfter, headers, false);
    }

    private static void requireDistinctNames(Layout layout, List<Field> fields, boolean asOf, List<Column> columns) {
        Set<String> names = new HashSet<>();
        for (Column column : AnswerSink.columns(layout, fields, asOf, columns)) {
            if (!names.add(column.name())) {
                throw new IllegalArgumentException("Two columns are named " + column.name());
            }
        }
    }

    /** How a table stands in JSON. */
    public enum Layout {
        /**
         * {@code {fields…, "as_of":…, "data":[{…},…], "count":N}}, or with fields behind the rows {@code {fields…,
         * "data":[{…},…], "count":N, fieldsAfter…, "as_of":…}}; CSV and XLSX hold the columns only.
         */
        LIST,
        /**
         * {@code {fields…, "as_of":…, "data":[{…},…], fieldsAfter…}}, a list that does not count its rows; CSV and XLSX as
         * in {@code LIST}.
         */
        ROWS,
        /**
         * {@code {fields…, "as_of":…, "data":{columns…}, fieldsAfter…}}, for exactly one row; CSV and XLSX as in
         * {@code LIST}.
         */
        RECORD,
        /**
         * {@code {fields…, "as_of":…, columns…}}, for exactly one row; in CSV and XLSX the fields and {@code as_of}
         * are columns before the others.
         */
        OBJECT,
        /**
         * {@code {fields…, "as_of":…, "data":{"content_type":…, "data":…, "size_bytes":…, "format":"excel"}, "count":N}} with
         * the workbook of this table in Base64, for clients of a predecessor; CSV and XLSX as in {@code LIST}.
         */
        ENVELOPE,
        /** {@code [{…},…]}, the rows alone. */
        ARRAY,
        /**
         * {@code {"data":{fields…, column2:{key:value,…}}}}, for rows of a text, which is the key, and its value; CSV and
         * XLSX hold the two columns.
         */
        MAP,
        /** {@code {key:value,…}}, the rows of a {@code MAP} alone; CSV and XLSX hold the two columns. */
        MEMBERS;

        boolean isOfPairs() {
            return this == MAP || this == MEMBERS;
        }

        boolean isOfOneRow() {
            return this == OBJECT || this == RECORD;
        }

        private boolean takesFieldsAfter() {
            return this == LIST || this == ROWS || this == RECORD;
        }
    }
}
