package dev.tally.interactions;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Makes docs/sample-interactions.xlsx: the rows of the API's description, as people would type them. */
final class SampleWorkbook {
    static final Path FILE = Path.of("docs", "sample-interactions.xlsx");

    private SampleWorkbook() {}

    public static void main(String... args) throws IOException {
        write(FILE);
    }

    static void write(Path file) throws IOException {
        Files.write(file, Workbooks.contract().bytes());
    }
}
