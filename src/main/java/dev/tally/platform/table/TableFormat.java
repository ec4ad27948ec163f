package dev.tally.platform.table;

/** The media types of a table, for {@code @Produces}; JSON is the default. */
public final class TableFormat {
    public static final String JSON = "application/json";
    public static final String CSV = "text/csv";
    public static final String XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    private TableFormat() {}
}
