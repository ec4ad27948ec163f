package dev.tally.bench;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Random;

import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;

/**
 * A made-up workbook, the same each time: interactions over three years, every other date a real one and the others
 * text, of customers who are all listed.
 *
 * @param interactions how many
 * @param customers how many
 */
record InteractionsWorkbook(int interactions, int customers) {
    private static final List<String> CHANNELS = List.of("Email", "E-Mail", "Call", "Bird", "Boat", "Post");
    private static final List<String> TYPES = List.of("Red", "Blue", "Orange");
    private static final DateTimeFormatter TEXT = DateTimeFormatter.ofPattern("dd/MM/yyyy HH:mm");
    private static final LocalDateTime START = LocalDateTime.of(2019, 1, 1, 0, 0);
    private static final int MINUTES = 3 * 365 * 24 * 60;
    private static final int MONTHS = 36;
    private static final int OCCUPATIONS = 100;

    /** Of all sheets, without their headers. */
    int rows() {
        return interactions + customers + MONTHS;
    }

    void writeTo(Path file) throws IOException {
        Random random = new Random(1);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file));
                Workbook workbook = new Workbook(out, "Tally", "1.0")) {
            Worksheet listed = sheet(workbook, "Customers", "Customer_Id", "Occupation", "Type");
            for (int row = 1; row <= customers; row++) {
                listed.value(row, 0, row);
                listed.value(row, 1, "Occupation " + random.nextInt(OCCUPATIONS));
                listed.value(row, 2, TYPES.get(random.nextInt(TYPES.size())));
            }
            listed.finish();
            Worksheet contacts = sheet(workbook, "External interactions", "Date Start", "Interaction", "Customers");
            for (int row = 1; row <= interactions; row++) {
                LocalDateTime at = START.plusMinutes(random.nextInt(MINUTES));
                if (row % 2 == 0) {
                    contacts.value(row, 0, at);
                    contacts.style(row, 0).format("dd/mm/yyyy hh:mm").set();
                } else {
                    contacts.value(row, 0, at.format(TEXT));
                }
                contacts.value(row, 1, CHANNELS.get(random.nextInt(CHANNELS.size())));
                contacts.value(row, 2, 1 + random.nextInt(customers));
            }
            contacts.finish();
            Worksheet products = sheet(workbook, "Products of discussion", "Date", "Product");
            for (int row = 1; row <= MONTHS; row++) {
                products.value(row, 0, START.plusMonths(row - 1).format(DateTimeFormatter.ofPattern("MM-yyyy")));
                products.value(row, 1, row % 2 == 0 ? "Sand" : "Glass");
            }
            products.finish();
        }
    }

    private static Worksheet sheet(Workbook workbook, String name, String... titles) {
        Worksheet sheet = workbook.newWorksheet(name);
        for (int column = 0; column < titles.length; column++) {
            sheet.value(0, column, titles[column]);
        }
        return sheet;
    }
}
