package dev.tally.platform.table;

import java.util.HashSet;
import java.util.List;
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
 */
public record Table(String name, Layout layout, List<Field> fields, boolean asOf, List<Column> columns,
        TableSource source) {
    private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9._-]+");

    public Table {
        if (!FILE_NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("Not a file name: " + name);
        }
        if (columns.isEmpty()) {
            throw new IllegalArgumentException("A table needs a column");
        }
        if (layout == Layout.MAP && (columns.size() != 2 || columns.getFirst().type() != ColumnType.TEXT)) {
            throw new IllegalArgumentException("A map is of a text and a value");
        }
        if (layout == Layout.OBJECT && !fields.stream().allMatch(Field::isCell)) {
            throw new IllegalArgumentException("A field of an object is a single value");
        }
        fields = List.copyOf(fields);
        columns = List.copyOf(columns);
        requireDistinctNames(layout, fields, asOf, columns);
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
        /** {@code {fields…, "as_of":…, "data":[{…},…], "count":N}}; CSV and XLSX hold the columns only. */
        LIST,
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
        MAP
    }
}
