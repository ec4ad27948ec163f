package dev.tally.interactions;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;

/** Finds the sheets by their names or, where one was renamed, by their header row; and the columns by their titles. */
final class SheetFinder {
    /** Titles and remarks may stand above the header. */
    private static final int MAX_HEADER_ROW = 20;

    private final WorkbookFile workbook;
    private final ImportLog log;
    private final Map<SheetKind, SheetPlan> found = new EnumMap<>(SheetKind.class);

    SheetFinder(WorkbookFile workbook, ImportLog log) {
        this.workbook = workbook;
        this.log = log;
    }

    /**
     * Where the rows of each kind are.
     *
     * @throws ProblemException when a sheet or a column is missing
     */
    Map<SheetKind, SheetPlan> find() {
        List<WorkbookFile.Sheet> unnamed = new ArrayList<>();
        for (WorkbookFile.Sheet sheet : workbook.sheets()) {
            SheetKind kind = SheetKind.named(sheet.name()).orElse(null);
            if (kind != null && !found.containsKey(kind)) {
                found.put(kind, planOfNamed(kind, sheet));
            } else {
                unnamed.add(sheet);
            }
        }
        for (WorkbookFile.Sheet sheet : unnamed) {
            Optional<SheetPlan> plan = planOfUnnamed(sheet);
            plan.ifPresentOrElse(known -> {
                log.warn(sheet.name(), null, null, "The sheet was read as \"" + known.kind().title()
                        + "\", because it has its columns.");
                found.put(known.kind(), known);
            }, () -> log.warn(sheet.name(), null, null, "The sheet was not read."));
        }
        for (SheetKind kind : SheetKind.values()) {
            if (!found.containsKey(kind)) {
                throw new ProblemException(ProblemCode.WORKBOOK_INCOMPLETE, "The workbook lacks the sheet \""
                        + kind.title() + "\", and none has its columns: " + String.join(", ", kind.columns()) + ".");
            }
        }
        return found;
    }

    private SheetPlan planOfNamed(SheetKind kind, WorkbookFile.Sheet sheet) {
        Headers headers = headers(sheet);
        return headers.plan(kind).orElseThrow(() -> {
            List<String> missing = headers.missing(kind);
            return new ProblemException(ProblemCode.WORKBOOK_INCOMPLETE, "The sheet \"" + sheet.name() + "\" lacks "
                    + (missing.size() == 1 ? "the column " : "the columns ") + String.join(", ", missing)
                    + ". They are looked for in the first " + MAX_HEADER_ROW + " rows.");
        });
    }

    private Optional<SheetPlan> planOfUnnamed(WorkbookFile.Sheet sheet) {
        Headers headers = headers(sheet);
        for (SheetKind kind : SheetKind.values()) {
            Optional<SheetPlan> plan = found.containsKey(kind) ? Optional.empty() : headers.plan(kind);
            if (plan.isPresent()) {
                return plan;
            }
        }
        return Optional.empty();
    }

    private Headers headers(WorkbookFile.Sheet sheet) {
        Headers headers = new Headers(sheet);
        try {
            workbook.read(sheet, headers);
        } catch (EnoughException _) {
            // The rows that may be headers were seen.
        }
        return headers;
    }

    /** Ends the reading of a sheet whose headers were seen. */
    private static final class EnoughException extends RuntimeException {
        private static final long serialVersionUID = 1;

        EnoughException() {
            super(null, null, false, false);
        }
    }

    /** The rows of a sheet that may be its header. */
    private final class Headers implements SheetReader.RowHandler {
        private final WorkbookFile.Sheet sheet;
        private final Map<Long, Map<String, Integer>> columnsByRow = new HashMap<>();
        private final Map<Long, Map<Integer, String>> titlesByRow = new HashMap<>();

        Headers(WorkbookFile.Sheet sheet) {
            this.sheet = sheet;
        }

        @Override
        public void row(long row, Cell[] cells) {
            if (row > MAX_HEADER_ROW) {
                throw new EnoughException();
            }
            Map<String, Integer> columns = new HashMap<>();
            Map<Integer, String> titles = new HashMap<>();
            for (int column = 0; column < cells.length; column++) {
                String title = Spelling.tidy(cells[column].text());
                if (!title.isEmpty()) {
                    columns.putIfAbsent(Spelling.headerKey(title), column);
                    titles.put(column, title);
                }
            }
            columnsByRow.put(row, columns);
            titlesByRow.put(row, titles);
        }

        Optional<SheetPlan> plan(SheetKind kind) {
            Long header = columnsByRow.keySet().stream().sorted().filter(row -> missing(kind, row).isEmpty())
                    .findFirst().orElse(null);
            if (header == null) {
                return Optional.empty();
            }
            Map<String, Integer> columns = columns(header);
            List<Integer> places = kind.columns().stream().map(title -> columns.get(Spelling.headerKey(title)))
                    .toList();
            titlesByRow.getOrDefault(header, Map.of()).forEach((column, title) -> {
                if (!places.contains(column)) {
                    log.warn(sheet.name(), header, ImportLog.cut(title), "The column was not read.");
                }
            });
            return Optional.of(new SheetPlan(kind, sheet, header, places));
        }

        /** What the best of the rows lacks. */
        List<String> missing(SheetKind kind) {
            return columnsByRow.keySet().stream().sorted().map(row -> missing(kind, row))
                    .reduce((one, other) -> other.size() < one.size() ? other : one)
                    .orElse(kind.columns());
        }

        private List<String> missing(SheetKind kind, @Nullable Long row) {
            Map<String, Integer> columns = row == null ? Map.of() : columns(row);
            return kind.columns().stream().filter(title -> !columns.containsKey(Spelling.headerKey(title)))
                    .collect(Collectors.toList());
        }

        private Map<String, Integer> columns(long row) {
            return columnsByRow.getOrDefault(row, Map.of());
        }
    }
}
