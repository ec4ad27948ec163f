package dev.tally.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;

import org.junit.jupiter.api.Test;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;

/** The figures that the samples are made for, by a reader that is not ours. */
class SampleFilesTest {
    private final Map<String, byte[]> files = SampleFiles.all();

    @Test
    void areTheSameEachTime() {
        Map<String, byte[]> again = SampleFiles.all();

        assertThat(again.keySet()).isEqualTo(files.keySet());
        assertThat(again).allSatisfy((key, content) -> assertThat(content).isEqualTo(files.get(key)));
    }

    @Test
    void holdClaimsByStatusAndTwoRaggedRows() throws IOException {
        Map<String, Integer> counts = new LinkedHashMap<>();
        List<Integer> fields = new ArrayList<>();

        for (CsvRecord row : rows(SampleFiles.CLAIMS, ',')) {
            if (row.getFieldCount() == 5) {
                counts.merge(row.getField(3), 1, Integer::sum);
            } else {
                fields.add(row.getFieldCount());
            }
        }

        assertThat(counts).isEqualTo(Map.of("aprobado", 150, "pendiente", 75, "rechazado", 25, "en_revision", 50));
        assertThat(fields).containsExactly(4, 6);
    }

    @Test
    void quoteDelimitersLineBreaksAndQuotationMarks() throws IOException {
        List<String> descriptions = rows(SampleFiles.CLAIMS, ',').stream().filter(row -> row.getFieldCount() == 5)
                .map(row -> row.getField(4)).distinct().toList();

        assertThat(descriptions).anyMatch(text -> text.contains(",")).anyMatch(text -> text.contains("\n"))
                .anyMatch(text -> text.contains("\"")).anyMatch(text -> text.contains("ñ")).contains("");
    }

    @Test
    void holdPaymentsWithAnExactMeanAndAmountsThatAreNone() throws IOException {
        List<BigDecimal> amounts = new ArrayList<>();
        List<String> others = new ArrayList<>();

        for (CsvRecord row : rows(SampleFiles.PAYMENTS, ';')) {
            if (row.getField(2).matches("[0-9]+\\.[0-9]{2}")) {
                amounts.add(new BigDecimal(row.getField(2)));
            } else {
                others.add(row.getField(2));
            }
        }

        BigDecimal sum = amounts.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
        assertThat(amounts).hasSize(240);
        assertThat(sum).isEqualByComparingTo(new BigDecimal("1250.75").multiply(BigDecimal.valueOf(240)));
        assertThat(others).containsExactlyInAnyOrder("", "", "n/d", "pendiente", "1.250,75");
    }

    @Test
    void holdAuditsInPartsOfWhichSomeAreCompressed() throws IOException {
        List<String> parts = files.keySet().stream().filter(key -> key.startsWith(SampleFiles.AUDITS + "/part-"))
                .toList();
        Map<String, Integer> counts = new TreeMap<>();

        for (String part : parts) {
            rows(part, ',').forEach(row -> counts.merge(row.getField(2), 1, Integer::sum));
        }

        assertThat(parts).extracting(part -> part.substring(part.lastIndexOf('/') + 1))
                .containsExactly("part-0000.csv", "part-0001.csv.gz", "part-0002.csv", "part-0003.csv.gz");
        assertThat(counts).hasSize(9).containsEntry("payment_service", 342).containsEntry("user_authentication", 298)
                .containsEntry("notification_hub", 143).containsEntry("report_generator", 143);
        assertThat(files.get(SampleFiles.AUDITS + "/_SUCCESS")).isEmpty();
    }

    /** Without the header. */
    private List<CsvRecord> rows(String key, char separator) throws IOException {
        InputStream content = new ByteArrayInputStream(Objects.requireNonNull(files.get(key)));
        try (InputStream in = key.endsWith(".gz") ? new GZIPInputStream(content) : content;
                CsvReader<CsvRecord> reader = CsvReader.builder().fieldSeparator(separator).allowExtraFields(true)
                        .allowMissingFields(true)
                        .ofCsvRecord(new String(in.readAllBytes(), StandardCharsets.UTF_8))) {
            List<CsvRecord> rows = reader.stream().toList();
            return rows.subList(1, rows.size());
        }
    }
}
