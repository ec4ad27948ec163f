package dev.tally.platform.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

import org.dhatim.fastexcel.reader.ReadableWorkbook;
import org.dhatim.fastexcel.reader.Row;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Rows without their number, and a single record, each with what stands behind it. */
class RecordLayoutsTest {
    private static final List<Column> COLUMNS = List.of(Column.text("canonical_key"), Column.date("dob"));
    private static final List<Field> METADATA = List.of(Field.json("metadata", "{\"credits_used\":1}"));

    @Test
    void rowsAreNotCounted() {
        Table two = rows("a", "=b").table(Table.Layout.ROWS, List.of(), null);
        Table none = rows().table(Table.Layout.ROWS, List.of(Field.integer("n", 7)), null);

        assertThat(json(two.withFieldsAfter(METADATA))).isEqualTo("{\"data\":[{\"canonical_key\":\"a\",\"dob\":null},"
                + "{\"canonical_key\":\"=b\",\"dob\":null}],\"metadata\":{\"credits_used\":1}}");
        assertThat(json(none.withFieldsAfter(METADATA)))
                .isEqualTo("{\"n\":7,\"data\":[],\"metadata\":{\"credits_used\":1}}");
        assertThat(json(none)).isEqualTo("{\"n\":7,\"data\":[]}");
        assertThat(csv(two)).isEqualTo("canonical_key,dob\r\na,\r\n'=b,\r\n");
    }

    @Test
    void aRecordIsOneObject() throws IOException {
        Table record = rows("a").table(Table.Layout.RECORD, List.of(), null);

        assertThat(json(record.withFieldsAfter(METADATA)))
                .isEqualTo("{\"data\":{\"canonical_key\":\"a\",\"dob\":null},\"metadata\":{\"credits_used\":1}}");
        assertThat(json(record)).isEqualTo("{\"data\":{\"canonical_key\":\"a\",\"dob\":null}}");
        assertThat(csv(record)).isEqualTo("canonical_key,dob\r\na,\r\n");
        byte[] xlsx = Rows.encode(record, output -> new XlsxEncoder(output, "record", COLUMNS, 10));
        try (ReadableWorkbook workbook = new ReadableWorkbook(new ByteArrayInputStream(xlsx))) {
            List<Row> read = workbook.getFirstSheet().read();
            assertThat(read).hasSize(2);
            assertThat(read.get(1).getCellText(0)).isEqualTo("a");
        }
    }

    @Test
    void aRecordIsNeitherNoneNorTwo() {
        Table none = rows().table(Table.Layout.RECORD, List.of(), null);
        Table two = rows("a", "b").table(Table.Layout.RECORD, List.of(), null);

        assertThatThrownBy(() -> json(none)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> json(two)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> csv(two)).isInstanceOf(IllegalStateException.class);
    }

    /** Of these keys. */
    private static Rows rows(String... keys) {
        return new Rows(COLUMNS, Arrays.stream(keys).map(key -> Arrays.<@Nullable Object>asList(key, null)).toList());
    }

    private static String json(Table table) {
        return new String(Rows.encode(table, output -> new JsonEncoder(output, table, COLUMNS)),
                StandardCharsets.UTF_8);
    }

    private static String csv(Table table) {
        return new String(Rows.encode(table, output -> new CsvEncoder(output, COLUMNS, false)), StandardCharsets.UTF_8);
    }
}
