package dev.tally.platform.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

import org.apache.poi.ss.usermodel.Cell;
import org.apache.poi.ss.usermodel.CellType;
import org.apache.poi.ss.usermodel.DataFormatter;
import org.apache.poi.xssf.usermodel.XSSFSheet;
import org.apache.poi.xssf.usermodel.XSSFWorkbook;
import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Numbers that another service gave as text keep their digits, whatever they are. */
class NumeralsOfOthersTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MANY = 1_000_000;

    @Provide
    Arbitrary<List<String>> numerals() {
        return RandomRows.numerals().list().ofMinSize(1).ofMaxSize(40);
    }

    @Property(tries = 300)
    void areTheSameTextInJson(@ForAll("numerals") List<String> numerals) throws IOException {
        JsonNode data = JSON.readTree(rows(numerals).json()).get("data");

        List<String> read = new ArrayList<>();
        data.forEach(row -> {
            assertThat(row.get("n").isTextual()).isTrue();
            read.add(row.get("n").textValue());
        });
        assertThat(read).isEqualTo(numerals);
    }

    @Property(tries = 300)
    void areTheSameTextInRawCsv(@ForAll("numerals") List<String> numerals) {
        List<String> read = csv(rows(numerals).csv(true));

        // A half of a character cannot be written in UTF-8.
        assertThat(read).isEqualTo(numerals.stream()
                .map(text -> new String(text.getBytes(StandardCharsets.UTF_16BE), StandardCharsets.UTF_16BE)).toList());
    }

    @Property(tries = 150)
    void areShownAsTheyAreWhereExcelHasThemAsNumbers(@ForAll("numerals") List<String> numerals) throws IOException {
        DataFormatter formatter = new DataFormatter(Locale.ROOT);

        try (XSSFWorkbook workbook = new XSSFWorkbook(new ByteArrayInputStream(rows(numerals).xlsx(MANY)))) {
            XSSFSheet sheet = workbook.getSheetAt(0);
            for (int i = 0; i < numerals.size(); i++) {
                Cell cell = sheet.getRow(i + 1).getCell(0);
                if (cell.getCellType() == CellType.NUMERIC) {
                    BigDecimal shown = new BigDecimal(formatter.formatCellValue(cell));
                    assertThat(shown).isEqualByComparingTo(numerals.get(i));
                }
            }
        }
    }

    @Example
    void lookInExcelAsTheyCame() throws IOException {
        Rows rows = rows(List.of("829449", "0.4965", "-0.5", "123456789012345", "0", "007", "1234567890123456", "n/a"));

        try (XSSFWorkbook workbook = new XSSFWorkbook(new ByteArrayInputStream(rows.xlsx(MANY)))) {
            DataFormatter formatter = new DataFormatter(Locale.ROOT);
            List<String> shown = new ArrayList<>();
            List<CellType> types = new ArrayList<>();
            workbook.getSheetAt(0).forEach(row -> {
                shown.add(formatter.formatCellValue(row.getCell(0)));
                types.add(row.getCell(0).getCellType());
            });

            assertThat(shown).containsExactly("n", "829449", "0.4965", "-0.5", "123456789012345", "0", "007",
                    "1234567890123456", "n/a");
            assertThat(types).containsExactly(CellType.STRING, CellType.NUMERIC, CellType.NUMERIC, CellType.NUMERIC,
                    CellType.NUMERIC, CellType.NUMERIC, CellType.STRING, CellType.STRING, CellType.STRING);
        }
    }

    @Example
    void areDefusedInCsvWhereTheyAreNoNumbers() {
        Rows rows = rows(List.of("-0.5", "-007", "+1", "-1+cmd", "=1", "1e5", "-1E5", "-", "-1\r\n", "0.50"));

        assertThat(csv(rows.csv(false))).containsExactly("-0.5", "'-007", "'+1", "'-1+cmd", "'=1", "1e5", "'-1E5", "'-",
                "'-1\r\n", "0.50");
    }

    @Example
    void areStyledOnEveryPageThatIsFlushed() throws IOException {
        List<String> numerals = new ArrayList<>();
        for (int i = 0; i < 700; i++) {
            numerals.add(i % 3 == 0 ? "text" : i % 3 == 1 ? String.valueOf(i) : i + ".5");
        }

        try (XSSFWorkbook workbook = new XSSFWorkbook(new ByteArrayInputStream(rows(numerals).xlsx(300)))) {
            DataFormatter formatter = new DataFormatter(Locale.ROOT);
            List<String> shown = new ArrayList<>();
            workbook.forEach(sheet -> sheet.forEach(row -> {
                if (row.getRowNum() > 0) {
                    shown.add(formatter.formatCellValue(row.getCell(0)));
                }
            }));

            assertThat(shown).isEqualTo(numerals);
        }
    }

    private static Rows rows(List<String> numerals) {
        return new Rows(List.of(Column.numeral("n")),
                numerals.stream().map(Collections::<@Nullable Object>singletonList).toList());
    }

    private static List<String> csv(byte[] bytes) {
        return CsvReader.builder().skipEmptyLines(false).ofCsvRecord(new String(bytes, StandardCharsets.UTF_8)).stream()
                .skip(1).map(NumeralsOfOthersTest::onlyField).toList();
    }

    private static String onlyField(CsvRecord csvRecord) {
        assertThat(csvRecord.getFieldCount()).isEqualTo(1);
        return csvRecord.getField(0);
    }
}
