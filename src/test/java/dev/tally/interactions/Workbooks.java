package dev.tally.interactions;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;
import org.jspecify.annotations.Nullable;

/** Makes workbooks as Excel would. A cell is a text, a number, a date, a time, a formula or null. */
public final class Workbooks {
    private final Map<String, List<@Nullable Object[]>> sheets = new LinkedHashMap<>();

    /** A formula without a stored value. */
    record Formula(String text) {}

    /** With the three sheets and their headers. */
    public static Workbooks standard() {
        return new Workbooks().row("Customers", "Customer_Id", "Occupation", "Type")
                .row("External interactions", "Date Start", "Interaction", "Customers")
                .row("Products of discussion", "Date", "Product");
    }

    /** That of the API's description. */
    public static Workbooks contract() {
        return standard().customer(1, "Jedi", "Red").customer(2, "Batman", "Orange").customer(3, "Santa Claus", "Blue")
                .customer(11, "Doctor", "Orange").customer(12, "Plummer", "Red")
                .interaction("04/10/2019 09:00", "Email", 1).interaction("11/02/2020 16:10", "Call", 4)
                .interaction("05/03/2020 11:23", "Bird", 4).interaction("04/06/2021 13:01", "Email", 3)
                .product("01-2019", "Sand").product("02-2019", "Sand").product("10-2021", "Orange");
    }

    Workbooks row(String sheet, @Nullable Object... cells) {
        sheets.computeIfAbsent(sheet, name -> new ArrayList<>()).add(cells);
        return this;
    }

    public Workbooks customer(@Nullable Object id, @Nullable Object occupation, @Nullable Object type) {
        return row("Customers", id, occupation, type);
    }

    public Workbooks interaction(@Nullable Object date, @Nullable Object channel, @Nullable Object customers) {
        return row("External interactions", date, channel, customers);
    }

    public Workbooks product(@Nullable Object month, @Nullable Object product) {
        return row("Products of discussion", month, product);
    }

    public byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Workbook workbook = new Workbook(out, "Tally", "1.0")) {
            for (Map.Entry<String, List<@Nullable Object[]>> sheet : sheets.entrySet()) {
                write(workbook.newWorksheet(sheet.getKey()), sheet.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    private static void write(Worksheet sheet, List<@Nullable Object[]> rows) {
        for (int row = 0; row < rows.size(); row++) {
            for (int column = 0; column < rows.get(row).length; column++) {
                write(sheet, row, column, rows.get(row)[column]);
            }
        }
    }

    private static void write(Worksheet sheet, int row, int column, @Nullable Object cell) {
        switch (cell) {
            case null -> {
                // An empty cell is none.
            }
            case String text -> sheet.value(row, column, text);
            case Number number -> sheet.value(row, column, number);
            case Boolean truth -> sheet.value(row, column, truth);
            case LocalDateTime time -> {
                sheet.value(row, column, time);
                sheet.style(row, column).format("dd/mm/yyyy hh:mm").set();
            }
            case LocalDate date -> {
                sheet.value(row, column, date);
                sheet.style(row, column).format("mm-yyyy").set();
            }
            case Formula formula -> sheet.formula(row, column, formula.text());
            default -> throw new IllegalArgumentException("No cell of " + cell.getClass());
        }
    }
}
