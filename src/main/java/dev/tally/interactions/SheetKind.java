package dev.tally.interactions;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The sheets that a workbook has, each with the columns that it needs. */
enum SheetKind {
    CUSTOMERS("Customers", "Customer_Id", "Occupation", "Type"), INTERACTIONS("External interactions", "Date Start",
            "Interaction", "Customers"), PRODUCTS("Products of discussion", "Date", "Product");

    private final String title;
    @SuppressWarnings("ImmutableEnumChecker") // It is, but its type does not say so.
    private final List<String> columns;

    SheetKind(String title, String... columns) {
        this.title = title;
        this.columns = List.of(columns);
    }

    /** Its name in the workbook. */
    String title() {
        return title;
    }

    /** The titles of its columns, in the order in which they are asked for here. */
    List<String> columns() {
        return columns;
    }

    static Optional<SheetKind> named(String sheet) {
        String key = Spelling.headerKey(sheet);
        return Arrays.stream(values()).filter(kind -> Spelling.headerKey(kind.title).equals(key)).findFirst();
    }
}
