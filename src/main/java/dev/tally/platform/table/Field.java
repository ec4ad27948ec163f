package dev.tally.platform.table;

import java.time.LocalDate;

import org.jspecify.annotations.Nullable;

/**
 * A value beside the rows of a table, such as the dates that were asked for.
 *
 * @param column its name and type: {@code TEXT}, {@code INTEGER} or {@code DATE}
 * @param value a {@link String}, {@link Long} or {@link LocalDate} as the type says, or null
 */
public record Field(Column column, @Nullable Object value) {
    public static Field text(String name, @Nullable String value) {
        return new Field(Column.text(name), value);
    }

    public static Field integer(String name, long value) {
        return new Field(Column.integer(name), value);
    }

    public static Field date(String name, @Nullable LocalDate value) {
        return new Field(Column.date(name), value);
    }
}
