package dev.tally.platform.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import org.apache.poi.ss.usermodel.Cell;
import org.apache.poi.ss.usermodel.CellType;
import org.apache.poi.xssf.usermodel.XSSFWorkbook;
import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import de.siegmar.fastcsv.reader.CsvReader;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Columns whose names somebody else has chosen. */
class NamesFromOutsideTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MANY = 1_000_000;
    private static final List<String> NASTY = List.of("a \"quoted\" name", "a,b", "line\r\nbreak",
            "\u0000\u0001\u001f\t",
            "=cmd|' /C calc'!A0", "+1", "-1", "@x", "\tx", "", "x".repeat(300), "ñandú Ω 漢字 \uD83D\uDE00", "\\",
            "_x0041_",
            " padded ", "</t>&amp;");

    @Provide
    Arbitrary<List<String>> names() {
        return RandomRows.texts().filter(text -> text.length() <= 300).list().ofMinSize(1).ofMaxSize(8);
    }

    @Property(tries = 300)
    void areTheMembersInJson(@ForAll("names") List<String> names) throws IOException {
        Rows rows = rows(ColumnNames.distinct(names));

        JsonNode row = JSON.readTree(rows.json()).get("data").get(0);

        List<String> members = new ArrayList<>();
        row.fieldNames().forEachRemaining(members::add);
        assertThat(members).isEqualTo(names(rows));
    }

    @Property(tries = 300)
    void areTheHeaderOfACsv(@ForAll("names") List<String> names) {
        Rows rows = rows(ColumnNames.distinct(names));

        assertThat(header(rows.csv(true))).isEqualTo(names(rows).stream().map(NamesFromOutsideTest::inUtf8).toList());
    }

    @Example
    void stayWhatTheyAreInEveryFormat() throws IOException {
        Rows rows = rows(NASTY);

        JsonNode row = JSON.readTree(rows.json()).get("data").get(0);
        assertThat(NASTY).allMatch(row::has);
        assertThat(header(rows.csv(true))).isEqualTo(NASTY);
        assertThat(header(rows.csv(false))).isEqualTo(
                NASTY.stream().map(name -> name.matches("(?s)[=+\\-@\t\r].*") ? "'" + name : name).toList());
        try (XSSFWorkbook workbook = new XSSFWorkbook(new ByteArrayInputStream(rows.xlsx(MANY)))) {
            List<String> header = new ArrayList<>();
            for (Cell cell : workbook.getSheetAt(0).getRow(0)) {
                assertThat(cell.getCellType()).isEqualTo(CellType.STRING);
                header.add(cell.getStringCellValue());
            }
            assertThat(header).isEqualTo(NASTY);
        }
    }

    @Property
    void areMadeDistinct(@ForAll("names") List<String> names) {
        List<String> twice = new ArrayList<>(names);
        twice.addAll(names);

        List<String> distinct = ColumnNames.distinct(twice);

        assertThat(distinct).doesNotHaveDuplicates().hasSameSizeAs(twice).containsAll(names);
    }

    @Example
    void keepWhatIsTheirOwnWhenOthersAreNumbered() {
        assertThat(ColumnNames.distinct(List.of("a", "a", "a (2)", "a", "b")))
                .containsExactly("a", "a (3)", "a (2)", "a (4)", "b");
    }

    @Example
    void areRefusedWhenTwoAreTheSame() {
        List<Column> columns = List.of(Column.text("a"), Column.integer("a"));
        List<Column> one = List.of(Column.text("a"));

        assertThatThrownBy(() -> new Table("t", Table.Layout.LIST, List.of(), false, columns, sink -> {}))
                .isInstanceOf(IllegalArgumentException.class);
        // The fields of an object are cells too.
        assertThatThrownBy(
                () -> new Table("t", Table.Layout.OBJECT, List.of(Field.integer("a", 1)), false, one, sink -> {}))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(new Table("t", Table.Layout.LIST, List.of(Field.integer("a", 1)), false, one, sink -> {}).columns())
                .isEqualTo(one);
    }

    private static Rows rows(List<String> names) {
        List<@Nullable Object> cells = Collections.nCopies(names.size(), "x");
        return new Rows(names.stream().map(Column::text).toList(), List.of(cells));
    }

    private static List<String> names(Rows rows) {
        return rows.columns().stream().map(Column::name).toList();
    }

    /** A half of a character cannot be written there. */
    private static String inUtf8(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_16BE), StandardCharsets.UTF_16BE);
    }

    private static List<String> header(byte[] csv) {
        return CsvReader.builder().ofCsvRecord(new String(csv, StandardCharsets.UTF_8)).stream().toList().getFirst()
                .getFields();
    }
}
