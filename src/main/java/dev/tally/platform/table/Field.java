package dev.tally.platform.table;

import java.time.LocalDate;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A value beside the rows of a table, such as the dates that were asked for.
 *
 * @param column its name and type: {@code TEXT}, {@code INTEGER} or {@code DATE}
 * @param value a {@link String}, {@link Long} or {@link LocalDate} as the type says, or null; or a list of texts, or JSON
 */
public record Field(Column column, @Nullable Object value) {
    public static Field text(String name, @Nullable String value) {
        return new Field(Column.text(name), value);
    }

    /** Several texts; not beside a table in the layout of an object, whose fields are cells too. */
    public static Field texts(String name, List<String> values) {
        return new Field(Column.text(name), List.copyOf(values));
    }

    /**
     * What is JSON already, and stands so in the answer; not beside a table in the layout of an object.
     *
     * @param json one value, which nobody checks
     */
    public static Field json(String name, String json) {
        return new Field(Column.text(name), new Json(json));
    }

    public static Field integer(String name, long value) {
        return new Field(Column.integer(name), value);
    }

    public static Field date(String name, @Nullable LocalDate value) {
        return new Field(Column.date(name), value);
    }

    /** Whether it can be a cell too. */
    boolean isCell() {
        return !(value instanceof Json) && !(value instanceof List<?>);
    }

    /** A text that is JSON. */
    record Json(String text) {}
}
