package dev.tally.platform.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import org.apache.poi.xssf.usermodel.XSSFSheet;
import org.apache.poi.xssf.usermodel.XSSFWorkbook;
import org.dhatim.fastexcel.reader.ReadableWorkbook;
import org.dhatim.fastexcel.reader.Row;
import org.jspecify.annotations.Nullable;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A workbook in Base64 inside of JSON. */
class EnvelopeTest {
    private static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final int MANY = 1_000_000;
    private static final Instant AS_OF = Instant.parse("2025-09-24T10:11:12.345Z");

    @Provide
    Arbitrary<Rows> rows() {
        return RandomRows.rows();
    }

    @Property(tries = 100)
    void holdsTheVeryWorkbookThatXlsxIs(@ForAll("rows") Rows rows) throws IOException {
        JsonNode answer = JSON.readTree(rows.envelope(List.of(), AS_OF));

        assertThat(workbook(answer)).isEqualTo(rows.xlsx(MANY, AS_OF));
        assertThat(answer.get("count").asInt()).isEqualTo(rows.cells().size());
    }

    @Example
    void hasItsMembersInTheOrderOfThePredecessor() throws IOException {
        Rows rows = new Rows(List.of(Column.text("t")), List.of(List.of("x")));

        String answer = new String(
                rows.envelope(List.of(Field.text("uuid", "a2"), Field.json("parts", "[{\"n\":1}]")), AS_OF),
                StandardCharsets.UTF_8);

        byte[] workbook = rows.xlsx(MANY, AS_OF);
        assertThat(answer).isEqualTo("{\"uuid\":\"a2\",\"parts\":[{\"n\":1}],\"data\":{\"content_type\":"
                + "\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet\",\"data\":\""
                + Base64.getEncoder().encodeToString(workbook) + "\",\"size_bytes\":" + workbook.length
                + ",\"format\":\"excel\"},\"count\":1}");
    }

    @Example
    void isOpenedByOtherReadersHoweverManyRowsItHas() throws IOException {
        for (int count : List.of(0, 1, 100_000)) {
            Rows rows = new Rows(List.of(Column.integer("n"), Column.numeral("Metric value")),
                    LongStream.range(0, count).mapToObj(n -> Arrays.<@Nullable Object>asList(n, n + ".25")).toList());

            byte[] workbook = workbook(JSON.readTree(rows.envelope(List.of(), null)));

            try (ReadableWorkbook read = new ReadableWorkbook(new ByteArrayInputStream(workbook));
                    Stream<Row> sheet = read.getFirstSheet().openStream()) {
                assertThat(sheet.filter(row -> row.getRowNum() > 1)
                        .map(row -> row.getCellAsNumber(1).orElseThrow().subtract(row.getCellAsNumber(0).orElseThrow()))
                        .filter(difference -> difference.toString().equals("0.25"))).hasSize(count);
            }
            try (XSSFWorkbook read = new XSSFWorkbook(new ByteArrayInputStream(workbook))) {
                XSSFSheet sheet = read.getSheetAt(0);
                assertThat(sheet.getLastRowNum()).isEqualTo(count);
                assertThat(sheet.getRow(0).getCell(1).getStringCellValue()).isEqualTo("Metric value");
            }
        }
    }

    @Example
    void isOnlyForJson() {
        Rows rows = new Rows(List.of(Column.text("t")), List.of());
        Table table = rows.table(Table.Layout.ENVELOPE, List.of(), null);

        assertThat(Rows.encode(table, output -> new CsvEncoder(output, AnswerSink.columns(table), false)))
                .isEqualTo(rows.csv(false));
        assertThatThrownBy(() -> Rows.encode(table, output -> new JsonEncoder(output, table, table.columns())))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static byte[] workbook(JsonNode answer) {
        JsonNode data = answer.get("data");
        byte[] workbook = Base64.getDecoder().decode(data.get("data").textValue());
        assertThat(data.get("size_bytes").asLong()).isEqualTo(workbook.length);
        return workbook;
    }
}
