package dev.tally.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Results as they stand in docs/performance.md. */
final class ResultTable {
    private final List<String> columns;
    private final List<List<String>> rows = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    ResultTable(String... columns) {
        this.columns = List.of(columns);
    }

    void add(Object... cells) {
        rows.add(Arrays.stream(cells).map(String::valueOf).toList());
    }

    /** A sentence below the table. */
    void note(String sentence) {
        notes.add("\n" + sentence);
    }

    String markdown() {
        String rule = columns.stream().map(column -> "---").collect(Collectors.joining("|", "|", "|"));
        return line(columns) + "\n" + rule + "\n"
                + rows.stream().map(row -> line(row) + "\n").collect(Collectors.joining())
                + String.join("\n", notes);
    }

    private static String line(List<String> cells) {
        return cells.stream().collect(Collectors.joining(" | ", "| ", " |"));
    }
}
