package dev.tally.platform.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.dhatim.fastexcel.reader.Cell;
import org.dhatim.fastexcel.reader.CellType;
import org.dhatim.fastexcel.reader.ReadableWorkbook;
import org.dhatim.fastexcel.reader.Row;
import org.dhatim.fastexcel.reader.Sheet;
import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What each format writes is read back by somebody else's reader. */
class FormatsTest {
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final Pattern XLSX_ESCAPE = Pattern.compile("_x([0-9A-Fa-f]{4})_");
    private static final Pattern PLAIN_DECIMAL = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?");
    private static final int MANY = 1_000_000;

    @Provide
    Arbitrary<Rows> rows() {
        return RandomRows.rows();
    }

    @Property(tries = 400)
    void jsonIsReadBackEqual(@ForAll("rows") Rows rows) throws IOException {
        JsonNode answer = JSON.readTree(rows.json());

        assertThat(answer.get("count").asInt()).isEqualTo(rows.cells().size());
        assertThat(answer.get("data")).hasSize(rows.cells().size());
        for (int r = 0; r < rows.cells().size(); r++) {
            for (int c = 0; c < rows.columns().size(); c++) {
                JsonNode node = answer.get("data").get(r).get(rows.columns().get(c).name());
                assertThat(jsonValue(node, rows.columns().get(c).type())).isEqualTo(normal(rows.cells().get(r).get(c)));
            }
        }
    }

    private static @Nullable Object jsonValue(JsonNode node, ColumnType type) {
        if (node.isNull()) {
            return null;
        }
        assertThat(node.isTextual()).isEqualTo(type != ColumnType.INTEGER && type != ColumnType.DECIMAL);
        return normal(parse(node.asText(), type));
    }

    @Property(tries = 400)
    void rawCsvIsReadBackEqual(@ForAll("rows") Rows rows) {
        List<CsvRecord> records = csv(rows.csv(true));

        assertThat(records.getFirst().getFields()).isEqualTo(rows.columns().stream().map(Column::name).toList());
        assertThat(records).hasSize(rows.cells().size() + 1);
        for (int r = 0; r < rows.cells().size(); r++) {
            for (int c = 0; c < rows.columns().size(); c++) {
                Object cell = rows.cells().get(r).get(c);
                String field = records.get(r + 1).getField(c);
                Object read = cell == null ? field : normal(parse(field, rows.columns().get(c).type()));
                assertThat(read).isEqualTo(cell == null ? "" : withoutBrokenSurrogates(normal(cell)));
            }
        }
    }

    @Property(tries = 400)
    void noTextOfACsvStartsAFormula(@ForAll("rows") Rows rows) {
        List<CsvRecord> records = csv(rows.csv(false));

        for (int r = 0; r < rows.cells().size(); r++) {
            for (int c = 0; c < rows.columns().size(); c++) {
                if (rows.cells().get(r).get(c) instanceof String text) {
                    String field = records.get(r + 1).getField(c);
                    boolean number = rows.columns().get(c).type() == ColumnType.NUMERAL
                            && PLAIN_DECIMAL.matcher(text).matches();
                    boolean dangerous = !number && Pattern.matches("(?s)[=+\\-@\t\r].*", text);
                    assertThat(field).isEqualTo((dangerous ? "'" : "") + withoutBrokenSurrogates(text));
                }
            }
        }
    }

    @Property(tries = 150)
    void xlsxIsReadBackEqual(@ForAll("rows") Rows rows) throws IOException {
        Map<Integer, Row> read = new HashMap<>();
        try (ReadableWorkbook workbook = new ReadableWorkbook(new ByteArrayInputStream(rows.xlsx(MANY)))) {
            workbook.getFirstSheet().read().forEach(row -> read.put(row.getRowNum(), row));
        }

        assertThat(read.keySet()).allMatch(number -> number >= 1 && number <= rows.cells().size() + 1);
        assertThat(Objects.requireNonNull(read.get(1)).stream().map(Cell::asString))
                .isEqualTo(rows.columns().stream().map(Column::name).toList());
        for (int r = 0; r < rows.cells().size(); r++) {
            for (int c = 0; c < rows.columns().size(); c++) {
                Object expected = inXlsx(rows.cells().get(r).get(c), rows.columns().get(c).type());
                // A row of nothing but absent cells is not in the file; below it the numbers go on.
                Object actual = xlsxValue(read.get(r + 2), c, rows.columns().get(c).type());
                if (expected instanceof Instant instant) {
                    assertThat(actual).isInstanceOf(Instant.class);
                    // The last bit of a day number of the year 9999.
                    assertThat((Instant) actual).isCloseTo(instant, within(41, ChronoUnit.MICROS));
                } else {
                    assertThat(actual).isEqualTo(expected);
                }
            }
        }
    }

    private static @Nullable Object xlsxValue(@Nullable Row row, int column, ColumnType type) {
        Cell cell = row == null ? null : row.getOptionalCell(column).orElse(null);
        if (cell == null || cell.getType() == CellType.EMPTY) {
            return null;
        }
        if (cell.getType() == CellType.STRING) {
            return XLSX_ESCAPE.matcher(cell.asString()).replaceAll(escape -> {
                char unit = (char) Integer.parseInt(escape.group(1), 16);
                return Matcher.quoteReplacement(String.valueOf(unit));
            });
        }
        assertThat(cell.getType()).isEqualTo(CellType.NUMBER);
        return switch (type) {
            case TEXT -> throw new AssertionError("A number in a column of texts");
            case INTEGER -> cell.asNumber().longValueExact();
            case DECIMAL, NUMERAL -> normal(cell.asNumber());
            case DATE -> LocalDate.of(1899, 12, 30).plusDays(cell.asNumber().longValueExact());
            case INSTANT -> LocalDateTime.of(1899, 12, 30, 0, 0)
                    .plusDays(cell.asNumber().longValue())
                    .plus(Math.round((cell.asNumber().doubleValue() % 1) * 86_400_000_000.0), ChronoUnit.MICROS)
                    .toInstant(ZoneOffset.UTC);
        };
    }

    /** What an XLSX is meant to hold: a number or a date where that is exact, else the text. */
    private static @Nullable Object inXlsx(@Nullable Object cell, ColumnType type) {
        return switch (cell) {
            case null -> null;
            case String value when type == ColumnType.NUMERAL && isNumberInXlsx(value) -> normal(new BigDecimal(value));
            case Long value when value.toString().replace("-", "").length() > 15 -> value.toString();
            case BigDecimal value when value.stripTrailingZeros().precision() > 15 -> Numerals.plain(value);
            case BigDecimal value -> normal(value);
            case LocalDate value when value.getYear() > 9999 || value.isBefore(LocalDate.of(1900, 3, 1)) ->
                value.toString();
            case Instant value when value.isBefore(Instant.parse("1900-03-01T00:00:00Z"))
                    || !value.isBefore(Instant.parse("+10000-01-01T00:00:00Z")) ->
                value.toString();
            default -> cell;
        };
    }

    private static boolean isNumberInXlsx(String text) {
        return PLAIN_DECIMAL.matcher(text).matches()
                && text.replaceAll("[-.]", "").replaceFirst("^0+", "").length() <= 15
                && text.replaceFirst("^[^.]*\\.?", "").length() <= 15;
    }

    @Example
    void xlsxGoesOnOnFurtherSheetsEachWithTheHeader() throws IOException {
        Rows rows = new Rows(List.of(Column.integer("n")),
                List.of(row(1L), row(2L), row(3L), row(4L), row(5L)));

        try (ReadableWorkbook workbook = new ReadableWorkbook(new ByteArrayInputStream(rows.xlsx(2)))) {
            List<Sheet> sheets = workbook.getSheets().toList();

            assertThat(sheets).extracting(Sheet::getName).containsExactly("rows", "rows (2)", "rows (3)");
            assertThat(sheets).extracting(FormatsTest::texts)
                    .containsExactly(List.of("n", "1", "2"), List.of("n", "3", "4"), List.of("n", "5"));
        }
    }

    @Example
    void xlsxHasNoFurtherSheetWhenTheLastIsJustFull() throws IOException {
        Rows rows = new Rows(List.of(Column.integer("n")), List.of(row(1L), row(2L)));

        try (ReadableWorkbook workbook = new ReadableWorkbook(new ByteArrayInputStream(rows.xlsx(2)))) {
            assertThat(workbook.getSheets().toList()).hasSize(1);
        }
    }

    @Example
    void xlsxSaysSoWhereATextIsTooLongRatherThanCutIt() throws IOException {
        Rows rows = new Rows(List.of(Column.text("t")), List.of(row("x".repeat(32_768))));

        try (ReadableWorkbook workbook = new ReadableWorkbook(new ByteArrayInputStream(rows.xlsx(MANY)))) {
            assertThat(texts(workbook.getFirstSheet()))
                    .containsExactly("t", "#TOO LONG: 32768 characters; ask for CSV or JSON");
        }
    }

    @Example
    void xlsxOfNoRowsHasItsHeader() throws IOException {
        Rows rows = new Rows(List.of(Column.text("t"), Column.date("d")), List.of());

        try (ReadableWorkbook workbook = new ReadableWorkbook(new ByteArrayInputStream(rows.xlsx(MANY)))) {
            assertThat(texts(workbook.getFirstSheet())).containsExactly("t", "d");
        }
    }

    @Example
    void csvTellsAnEmptyTextFromNone() {
        Rows rows = new Rows(List.of(Column.text("a"), Column.text("b")), List.of(row("", null), row(null, "x\"y")));

        String written = new String(rows.csv(false), StandardCharsets.UTF_8);

        assertThat(written).isEqualTo("a,b\r\n\"\",\r\n,\"x\"\"y\"\r\n");
    }

    @Example
    void csvOfOneColumnHasNoEmptyLine() {
        Rows rows = new Rows(List.of(Column.integer("a")), List.of(row(1L), Arrays.asList((Object) null)));

        assertThat(new String(rows.csv(false), StandardCharsets.UTF_8)).isEqualTo("a\r\n1\r\n\"\"\r\n");
    }

    @Example
    void anObjectHasItsFieldsFirstInEveryFormat() {
        Table table = new Table("one", Table.Layout.OBJECT,
                List.of(Field.text("msisdn", "-1"), Field.date("day", LocalDate.of(2024, 1, 2)),
                        Field.integer("n", 7), Field.text("none", null)),
                true, List.of(Column.decimal("avg")), sink -> {
                    sink.begin(Instant.parse("2024-02-01T00:00:03Z"));
                    sink.decimal(29_000, 2);
                    sink.endRow();
                });

        byte[] json = Rows.encode(table, output -> new JsonEncoder(output, table, AnswerSink.columns(table)));
        byte[] csv = Rows.encode(table, output -> new CsvEncoder(output, AnswerSink.columns(table), false));

        assertThat(new String(json, StandardCharsets.UTF_8)).isEqualTo("{\"msisdn\":\"-1\",\"day\":\"2024-01-02\","
                + "\"n\":7,\"none\":null,\"as_of\":\"2024-02-01T00:00:03Z\",\"avg\":290.0}");
        assertThat(new String(csv, StandardCharsets.UTF_8))
                .isEqualTo("msisdn,day,n,none,as_of,avg\r\n'-1,2024-01-02,7,,2024-02-01T00:00:03Z,290.0\r\n");
    }

    @Example
    void aMapHasItsKeysForNames() {
        Table table = new Table("map", Table.Layout.MAP,
                List.of(Field.integer("id", 4), Field.text("none", null), Field.texts("words", List.of("a", "\"b\""))),
                false,
                List.of(Column.text("channel"), Column.integer("interactions")), sink -> {
                    sink.begin(null);
                    sink.text("E \"mail\"");
                    sink.integer(1);
                    sink.endRow();
                    sink.text("Post");
                    sink.absent();
                    sink.endRow();
                });
        Table nothing = new Table("map", Table.Layout.MAP, List.of(), false, table.columns(), sink -> sink.begin(null));

        assertThat(json(table)).isEqualTo("{\"data\":{\"id\":4,\"none\":null,\"words\":[\"a\",\"\\\"b\\\"\"],"
                + "\"interactions\":{\"E \\\"mail\\\"\":1,\"Post\":null}}}");
        assertThat(json(nothing)).isEqualTo("{\"data\":{\"interactions\":{}}}");
        assertThat(new String(Rows.encode(table, output -> new CsvEncoder(output, table.columns(), false)),
                StandardCharsets.UTF_8))
                .isEqualTo("channel,interactions\r\n\"E \"\"mail\"\"\",1\r\nPost,\r\n");
        assertThatThrownBy(() -> new Table("map", Table.Layout.MAP, List.of(), false, List.of(Column.integer("id")),
                sink -> sink.begin(null))).isInstanceOf(IllegalArgumentException.class);
    }

    @Example
    void membersAreTheRowsOfAMapAlone() {
        List<Column> columns = List.of(Column.text("estado"), Column.integer("count"));
        Table table = new Rows(columns, List.of(row("en revisión", 2L), row("", 1L), row("x", null)))
                .table(Table.Layout.MEMBERS, List.of(), null);
        Table nothing = new Rows(columns, List.of()).table(Table.Layout.MEMBERS, List.of(), null);

        assertThat(json(table)).isEqualTo("{\"en revisión\":2,\"\":1,\"x\":null}");
        assertThat(json(nothing)).isEqualTo("{}");
        assertThat(new String(Rows.encode(table, output -> new CsvEncoder(output, columns, false)),
                StandardCharsets.UTF_8)).isEqualTo("estado,count\r\nen revisión,2\r\n\"\",1\r\nx,\r\n");
        assertThatThrownBy(() -> new Rows(List.of(Column.integer("n")), List.of()).table(Table.Layout.MEMBERS,
                List.of(), null)).isInstanceOf(IllegalArgumentException.class);
    }

    @Example
    void fieldsMayStandBehindAList() {
        TableSource source = sink -> {
            if (sink.begin(Instant.parse("2024-02-01T00:00:03Z"))) {
                sink.integer(1);
                sink.endRow();
            }
        };
        Table table = new Table("list", Table.Layout.LIST, List.of(Field.text("metric", "m")), true,
                List.of(Column.integer("n")), source)
                .withFieldsAfter(List.of(Field.integer("rows_read", 7), Field.json("rejects", "[]")));
        Table withoutTime = new Table("list", Table.Layout.LIST, List.of(), false, table.columns(), source)
                .withFieldsAfter(List.of(Field.integer("rows_read", 7)));

        assertThat(json(table)).isEqualTo("{\"metric\":\"m\",\"data\":[{\"n\":1}],\"count\":1,\"rows_read\":7,"
                + "\"rejects\":[],\"as_of\":\"2024-02-01T00:00:03Z\"}");
        assertThat(json(withoutTime)).isEqualTo("{\"data\":[{\"n\":1}],\"count\":1,\"rows_read\":7}");
        assertThatThrownBy(() -> new Table("array", Table.Layout.ARRAY, List.of(), false, table.columns(), source)
                .withFieldsAfter(List.of(Field.integer("rows_read", 7)))).isInstanceOf(IllegalArgumentException.class);
    }

    @Example
    void aFieldOfJsonStandsAsItIs() {
        List<Field> fields = List.of(Field.json("parts", "[{\"é\":1.50}]"), Field.json("none", "null"));
        Rows rows = new Rows(List.of(Column.text("k"), Column.integer("v")), List.of(row("a", 1L)));
        Table list = rows.table(Table.Layout.LIST, fields, null);
        Table map = rows.table(Table.Layout.MAP, fields, null);

        assertThat(json(list)).isEqualTo(
                "{\"parts\":[{\"é\":1.50}],\"none\":null,\"data\":[{\"k\":\"a\",\"v\":1}],\"count\":1}");
        assertThat(json(map)).isEqualTo("{\"data\":{\"parts\":[{\"é\":1.50}],\"none\":null,\"v\":{\"a\":1}}}");
        assertThatThrownBy(() -> rows.table(Table.Layout.OBJECT, fields, null))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Example
    void anArrayIsItsRowsAlone() {
        Table table = new Table("array", Table.Layout.ARRAY, List.of(), false, List.of(Column.integer("n")), sink -> {
            sink.begin(null);
            sink.integer(1);
            sink.endRow();
            sink.absent();
            sink.endRow();
        });
        Table nothing = new Table("array", Table.Layout.ARRAY, List.of(), false, table.columns(),
                sink -> sink.begin(null));

        assertThat(json(table)).isEqualTo("[{\"n\":1},{\"n\":null}]");
        assertThat(json(nothing)).isEqualTo("[]");
    }

    private static String json(Table table) {
        return new String(Rows.encode(table, output -> new JsonEncoder(output, table, AnswerSink.columns(table))),
                StandardCharsets.UTF_8);
    }

    @Example
    void refusesASourceThatDoesNotKeepToItsTable() {
        assertMisuse(Table.Layout.LIST, sink -> {
            sink.begin(null);
            sink.text("in a column of integers");
        });
        assertMisuse(Table.Layout.LIST, sink -> {
            sink.begin(null);
            sink.endRow();
        });
        assertMisuse(Table.Layout.LIST, sink -> {
            sink.begin(null);
            sink.integer(1);
            sink.integer(2);
        });
        assertMisuse(Table.Layout.LIST, sink -> {
            sink.begin(null);
            sink.integer(1);
        });
        assertMisuse(Table.Layout.LIST, sink -> sink.integer(1));
        assertMisuse(Table.Layout.LIST, sink -> {});
        assertMisuse(Table.Layout.OBJECT, sink -> sink.begin(null));
        assertMisuse(Table.Layout.OBJECT, sink -> {
            sink.begin(null);
            sink.integer(1);
            sink.endRow();
            sink.integer(2);
            sink.endRow();
        });
    }

    private static void assertMisuse(Table.Layout layout, TableSource source) {
        Table table = new Table("t", layout, List.of(), false, List.of(Column.integer("n")), source);

        assertThatThrownBy(() -> Rows.encode(table, output -> new JsonEncoder(output, table, table.columns())))
                .isInstanceOf(IllegalStateException.class);
    }

    @Example
    void refusesANameThatIsNoFileName() {
        assertThatThrownBy(() -> new Table("a\"b", Table.Layout.LIST, List.of(), false,
                List.of(Column.integer("n")), sink -> {})).isInstanceOf(IllegalArgumentException.class);
    }

    private static List<@Nullable Object> row(@Nullable Object... cells) {
        return Arrays.asList(cells);
    }

    private static List<String> texts(Sheet sheet) {
        try {
            return sheet.read().stream().flatMap(row -> row.stream()).map(Cell::getText).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<CsvRecord> csv(byte[] bytes) {
        return CsvReader.builder().ofCsvRecord(new String(bytes, StandardCharsets.UTF_8)).stream().toList();
    }

    private static Object parse(String text, ColumnType type) {
        return switch (type) {
            case TEXT, NUMERAL -> text;
            case INTEGER -> Long.valueOf(text);
            case DECIMAL -> new BigDecimal(text);
            case DATE -> LocalDate.parse(text);
            case INSTANT -> Instant.parse(text);
        };
    }

    /** Equal decimals are to be equal objects. */
    private static @Nullable Object normal(@Nullable Object cell) {
        return cell instanceof BigDecimal decimal ? decimal.stripTrailingZeros() : cell;
    }

    private static @Nullable Object withoutBrokenSurrogates(@Nullable Object cell) {
        return cell instanceof String text
                ? new String(Objects.requireNonNull(text).getBytes(StandardCharsets.UTF_16BE),
                        StandardCharsets.UTF_16BE)
                : cell;
    }
}
