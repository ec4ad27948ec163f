package dev.tally.platform.csv;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import de.siegmar.fastcsv.writer.QuoteStrategies;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class CsvScannerTest {
    /** What the words of eight bytes could take for something else is among them: 0x02, 0x0b, an asterisk, 0x8a. */
    private static final char[] AWKWARD = {'a', 'b', ' ', ',', ';', '"', '"', '\n', '\r', '*', 0x02, 0x0b, 0x8a, 0xac,
            0xe9, 0x00};

    @Test
    void givesThePlacesOfTheWantedFieldsOnly() {
        byte[] bytes = "1,uno,\"a,b\"\r\n2,dos,\"di \"\"no\"\"\"\n".getBytes(StandardCharsets.UTF_8);
        RowBatch batch = new RowBatch(10, 2, 1);

        int end = new CsvScanner(',', 3, 0, 2).scan(bytes, 0, bytes.length, true, batch);

        assertThat(end).isEqualTo(bytes.length);
        assertThat(batch.rows()).isEqualTo(2);
        assertThat(batch.lineBreaks()).isEqualTo(2);
        assertThat(text(bytes, batch, 0, 1)).isEqualTo("2");
        assertThat(text(bytes, batch, 1, 0)).isEqualTo("a,b");
        assertThat(text(bytes, batch, 1, 1)).isEqualTo("di \"no\"");
    }

    @Test
    void tellsOfEachKindOfRowThatDoesNotFit() {
        byte[] bytes = "a,b\n1\n1,2,3\n\"x\"y,2\n\n\"\"\n1,2\n1,\"open\n\n".getBytes(StandardCharsets.UTF_8);
        RowBatch batch = new RowBatch(10, 1, 10);

        new CsvScanner(',', 2, 1).scan(bytes, 0, bytes.length, true, batch);

        assertThat(batch.rows()).isEqualTo(2);
        assertThat(IntStream.range(0, batch.misfits()).mapToObj(batch::misfit)).containsExactly(
                new RowBatch.Misfit(4, RowBatch.Fault.NUMBER_OF_FIELDS, 1),
                new RowBatch.Misfit(6, RowBatch.Fault.NUMBER_OF_FIELDS, 3),
                new RowBatch.Misfit(12, RowBatch.Fault.TEXT_AFTER_QUOTE, 2),
                new RowBatch.Misfit(27, RowBatch.Fault.OPEN_QUOTE, 2));
    }

    @Test
    void leavesARowThatIsNotCompleteForTheNextScan() {
        byte[] bytes = "1,2\n3,\"4".getBytes(StandardCharsets.UTF_8);
        RowBatch batch = new RowBatch(10, 1, 1);

        int end = new CsvScanner(',', 2, 1).scan(bytes, 0, bytes.length, false, batch);

        assertThat(end).isEqualTo(4);
        assertThat(batch.rows()).isEqualTo(1);
        assertThat(batch.misfits()).isZero();
    }

    @Property(tries = 20_000)
    void findsWhatAnObviousReaderFinds(@ForAll("awkward") byte[] bytes, @ForAll @IntRange(min = 1, max = 4) int columns,
            @ForAll @IntRange(max = 15) int chosen, @ForAll @IntRange(min = 1, max = 4) int maxRows) {
        List<ObviousScanner.Row> expected = new ObviousScanner(bytes, ',', columns).read();

        assertFinds(expected, bytes, ',', columns, places(columns, chosen), maxRows);
    }

    @Property(tries = 5_000)
    void findsTheSameWhereverTheBytesAreCut(@ForAll("awkward") byte[] bytes,
            @ForAll @IntRange(min = 1, max = 3) int columns) {
        List<List<String>> whole = scanAll(bytes, bytes.length, columns);

        for (int cut = 0; cut < bytes.length; cut++) {
            assertThat(scanAll(bytes, cut, columns)).as("cut at %s", cut).isEqualTo(whole);
        }
    }

    @Property(tries = 3_000)
    void readsWhatFastCsvReads(@ForAll("tables") List<List<String>> table, @ForAll boolean alwaysQuoted,
            @ForAll boolean crLf, @ForAll @IntRange(max = 2) int dialect) throws IOException {
        char delimiter = ",;\t".charAt(dialect);
        StringWriter text = new StringWriter();
        try (CsvWriter writer = CsvWriter.builder().fieldSeparator(delimiter)
                .lineDelimiter(crLf ? LineDelimiter.CRLF : LineDelimiter.LF)
                .quoteStrategy(alwaysQuoted ? QuoteStrategies.ALWAYS : QuoteStrategies.REQUIRED).build(text)) {
            table.forEach(writer::writeRecord);
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);

        List<List<String>> read = new ArrayList<>();
        try (CsvReader<CsvRecord> reader = CsvReader.builder().fieldSeparator(delimiter).skipEmptyLines(false)
                .allowExtraFields(true).allowMissingFields(true).ofCsvRecord(text.toString())) {
            reader.forEach(record -> read.add(record.getFields()));
        }

        int columns = table.getFirst().size();
        List<List<String>> fitting = read.stream().filter(row -> row.size() == columns).toList();
        RowBatch batch = new RowBatch(table.size() + 1, columns, 100);
        new CsvScanner(delimiter, columns, IntStream.range(0, columns).toArray()).scan(bytes, 0, bytes.length, true,
                batch);
        List<List<String>> scanned = new ArrayList<>();
        for (int row = 0; row < batch.rows(); row++) {
            List<String> fields = new ArrayList<>();
            for (int column = 0; column < columns; column++) {
                fields.add(CsvFields.text(bytes, batch.starts(column)[row], batch.ends(column)[row],
                        StandardCharsets.UTF_8));
            }
            scanned.add(fields);
        }
        assertThat(scanned).isEqualTo(fitting);
        long blank = columns == 1 ? 0 : read.stream().filter(row -> row.equals(List.of(""))).count();
        assertThat(batch.rows() + batch.misfits()).isEqualTo((int) (read.size() - blank));
    }

    @Provide
    static Arbitrary<byte[]> awkward() {
        return Arbitraries.of(toList(AWKWARD)).list().ofMaxSize(60).map(CsvScannerTest::bytes);
    }

    /** Of as many columns as the first row; now and then a row has another number of fields. */
    @Provide
    static Arbitrary<List<List<String>>> tables() {
        // Without a lone carriage return, which FastCSV takes for the end of a line.
        Arbitrary<String> field = Arbitraries.of("", "a", "1.5", "é", "\"", "\"\"", ",", ";", "\t", "\n", "\r\n", " ",
                "aprobado", "en_revision", "*", "\u000b", "服务").list().ofMaxSize(4)
                .map(parts -> String.join("", parts));
        return Combinators.combine(Arbitraries.integers().between(1, 5), Arbitraries.integers().between(1, 12))
                .flatAs((columns, rows) -> field.list().ofMinSize(columns).ofMaxSize(columns + (columns > 2 ? 1 : 0))
                        .list().ofSize(rows).map(table -> withFirst(table, columns)));
    }

    private static List<List<String>> withFirst(List<List<String>> table, int columns) {
        List<List<String>> all = new ArrayList<>();
        all.add(Collections.nCopies(columns, "c"));
        all.addAll(table);
        return all;
    }

    private static List<Character> toList(char[] characters) {
        List<Character> list = new ArrayList<>();
        for (char character : characters) {
            list.add(character);
        }
        return list;
    }

    private static byte[] bytes(List<Character> characters) {
        byte[] bytes = new byte[characters.size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) characters.get(i).charValue();
        }
        return bytes;
    }

    private static int[] places(int columns, int chosen) {
        return IntStream.range(0, columns).filter(place -> (chosen >> place & 1) == 1).toArray();
    }

    private static void assertFinds(List<ObviousScanner.Row> expected, byte[] bytes, char delimiter, int columns,
            int[] places, int maxRows) {
        CsvScanner scanner = new CsvScanner(delimiter, columns, places);
        RowBatch batch = new RowBatch(maxRows, places.length, bytes.length + 1);
        List<ObviousScanner.Row> found = new ArrayList<>();
        long lineBreaks = 0;
        int position = 0;
        do {
            position = scanner.scan(bytes, position, bytes.length, true, batch);
            lineBreaks += batch.lineBreaks();
            for (int row = 0; row < batch.rows(); row++) {
                List<String> fields = new ArrayList<>(Collections.nCopies(columns, ""));
                for (int i = 0; i < places.length; i++) {
                    fields.set(places[i], text(bytes, batch, i, row));
                }
                found.add(new ObviousScanner.Row(batch.rowStarts()[row], fields, Optional.empty()));
            }
            for (int i = 0; i < batch.misfits(); i++) {
                RowBatch.Misfit misfit = batch.misfit(i);
                found.add(new ObviousScanner.Row(misfit.start(), Collections.nCopies(misfit.fields(), ""),
                        Optional.of(misfit.fault())));
            }
        } while (batch.isFull());

        assertThat(position).isEqualTo(bytes.length);
        found.sort((one, other) -> Integer.compare(one.start(), other.start()));
        assertThat(found).isEqualTo(expected.stream().map(row -> onlyWanted(row, places)).toList());
        assertThat(lineBreaks).isEqualTo(IntStream.range(0, bytes.length).filter(i -> bytes[i] == '\n').count());
    }

    /** As the batch has it: of a row that does not fit only the number of fields. */
    private static ObviousScanner.Row onlyWanted(ObviousScanner.Row row, int[] places) {
        List<String> fields = new ArrayList<>(Collections.nCopies(row.fields().size(), ""));
        if (row.fault().isEmpty()) {
            for (int place : places) {
                fields.set(place, row.fields().get(place));
            }
        }
        return new ObviousScanner.Row(row.start(), fields, row.fault());
    }

    /** First to the cut, then from what was not consumed to the end. */
    private static List<List<String>> scanAll(byte[] bytes, int cut, int columns) {
        CsvScanner scanner = new CsvScanner(',', columns, IntStream.range(0, columns).toArray());
        RowBatch batch = new RowBatch(100, columns, 100);
        List<List<String>> found = new ArrayList<>();
        int position = scanner.scan(bytes, 0, cut, false, batch);
        add(bytes, batch, columns, found);
        scanner.scan(bytes, position, bytes.length, true, batch);
        add(bytes, batch, columns, found);
        found.sort(
                (one, other) -> Integer.compare(Integer.parseInt(one.getFirst()), Integer.parseInt(other.getFirst())));
        return found;
    }

    private static void add(byte[] bytes, RowBatch batch, int columns, List<List<String>> found) {
        for (int row = 0; row < batch.rows(); row++) {
            List<String> all = new ArrayList<>(List.of(Integer.toString(batch.rowStarts()[row])));
            for (int column = 0; column < columns; column++) {
                all.add(text(bytes, batch, column, row));
            }
            found.add(all);
        }
        for (int i = 0; i < batch.misfits(); i++) {
            found.add(List.of(Integer.toString(batch.misfit(i).start()), batch.misfit(i).toString()));
        }
    }

    private static String text(byte[] bytes, RowBatch batch, int column, int row) {
        return CsvFields.text(bytes, batch.starts(column)[row], batch.ends(column)[row], StandardCharsets.ISO_8859_1);
    }
}
