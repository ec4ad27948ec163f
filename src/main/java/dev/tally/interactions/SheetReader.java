package dev.tally.interactions;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;
import org.xml.sax.Attributes;
import org.xml.sax.helpers.DefaultHandler;

import dev.tally.platform.problem.ProblemCode;
import dev.tally.platform.problem.ProblemException;

/** Gives the rows of a sheet one by one (ECMA-376 part 1, 18.3.1). */
final class SheetReader extends DefaultHandler {
    /** Further ones are not looked at. */
    static final int MAX_COLUMNS = 256;
    /** Excel's own bound is 32,767. */
    private static final int MAX_CELL_CHARACTERS = 40_000;
    private static final int LETTERS = 26;

    /** Takes a row that has a cell; the array is used again for the next. */
    @FunctionalInterface
    interface RowHandler {
        /**
         * @param row its number in Excel, from 1
         * @param cells by column, from 0
         */
        void row(long row, Cell[] cells);
    }

    private final SharedStrings strings;
    private final DateStyles styles;
    private final RowHandler rows;
    private final Cell[] cells = new Cell[MAX_COLUMNS];
    private final StringBuilder value = new StringBuilder();
    private long row;
    private int column;
    private boolean rowHasCells;
    private @Nullable String type;
    private int style;
    private boolean formula;
    private boolean inValue;
    private int phonetic;

    SheetReader(SharedStrings strings, DateStyles styles, RowHandler rows) {
        this.strings = strings;
        this.styles = styles;
        this.rows = rows;
        Arrays.fill(cells, Cell.BLANK);
    }

    /** A number of an attribute, or what stands for one that is missing or wrong. */
    static int integer(@Nullable String text, int otherwise) {
        try {
            return text == null ? otherwise : Integer.parseInt(text);
        } catch (NumberFormatException _) {
            return otherwise;
        }
    }

    @Override
    public void startElement(String uri, String name, String qualified, Attributes attributes) {
        switch (name) {
            case "row" -> {
                // Both numbers may be left out; then they go on from the last.
                row = integer(attributes.getValue("r"), (int) row + 1);
                column = -1;
                rowHasCells = false;
            }
            case "c" -> {
                column = column(attributes.getValue("r"));
                type = attributes.getValue("t");
                style = integer(attributes.getValue("s"), 0);
                formula = false;
                value.setLength(0);
            }
            case "f" -> formula = true;
            case "v", "t" -> inValue = phonetic == 0;
            case "rPh" -> phonetic++;
            default -> {
                // Widths, merged cells and the like.
            }
        }
    }

    @Override
    public void endElement(String uri, String name, String qualified) {
        switch (name) {
            case "row" -> {
                if (rowHasCells) {
                    rows.row(row, cells);
                    Arrays.fill(cells, Cell.BLANK);
                }
            }
            case "c" -> {
                if (column >= 0 && column < MAX_COLUMNS) {
                    cells[column] = cell();
                    rowHasCells = true;
                }
            }
            case "v", "t" -> inValue = false;
            case "rPh" -> phonetic--;
            default -> {
                // As above.
            }
        }
    }

    @Override
    public void characters(char[] source, int start, int length) {
        if (inValue) {
            if (value.length() + length > MAX_CELL_CHARACTERS) {
                throw new ProblemException(ProblemCode.UPLOAD_INVALID, "The workbook is damaged: a cell of row " + row
                        + " has more characters than Excel allows.");
            }
            value.append(source, start, length);
        }
    }

    private Cell cell() {
        if (value.isEmpty()) {
            return formula && type == null ? new Cell(Cell.Kind.ERROR, "", true) : Cell.BLANK;
        }
        String text = value.toString();
        return switch (type == null ? "n" : type) {
            case "s" -> new Cell(Cell.Kind.TEXT, strings.get(text), formula);
            case "n" -> new Cell(styles.isDate(style) ? Cell.Kind.DATE : Cell.Kind.NUMBER, text, formula);
            case "b" -> new Cell(Cell.Kind.BOOLEAN, text.equals("1") ? "TRUE" : "FALSE", formula);
            case "e" -> new Cell(Cell.Kind.ERROR, text, formula);
            // Texts in place, texts of formulas, and ISO dates, which are read like texts that are dates.
            default -> new Cell(Cell.Kind.TEXT, text, formula);
        };
    }

    /** The column of a reference such as {@code AB12}, from 0. */
    private int column(@Nullable String reference) {
        if (reference == null) {
            return column + 1;
        }
        int number = 0;
        for (int i = 0; i < reference.length() && i < 4; i++) {
            int letter = reference.charAt(i) - 'A';
            if (letter < 0 || letter >= LETTERS) {
                break;
            }
            number = number * LETTERS + letter + 1;
        }
        return number - 1;
    }
}
