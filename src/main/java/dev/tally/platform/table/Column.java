package dev.tally.platform.table;

/**
 * A column of a table.
 *
 * @param name its name in JSON, CSV and XLSX alike
 * @param type what its cells hold
 */
public record Column(String name, ColumnType type) {
    public static Column text(String name) {
        return new Column(name, ColumnType.TEXT);
    }

    public static Column integer(String name) {
        return new Column(name, ColumnType.INTEGER);
    }

    public static Column decimal(String name) {
        return new Column(name, ColumnType.DECIMAL);
    }

    public static Column numeral(String name) {
        return new Column(name, ColumnType.NUMERAL);
    }

    public static Column date(String name) {
        return new Column(name, ColumnType.DATE);
    }

    public static Column instant(String name) {
        return new Column(name, ColumnType.INSTANT);
    }
}
