package dev.tally.interactions;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.tally.interactions.HostileWorkbooks.Entry;

class SampleWorkbookTest {
    @Test
    void isInTheRepositoryAsItsProgramMakesIt(@TempDir Path directory) throws IOException {
        SampleWorkbook.write(directory.resolve("made.xlsx"));

        assertThat(sheets(SampleWorkbook.FILE)).isEqualTo(sheets(directory.resolve("made.xlsx"))).hasSize(3);
    }

    private static Map<String, String> sheets(Path workbook) throws IOException {
        Map<String, String> sheets = new LinkedHashMap<>();
        for (Map.Entry<String, Entry> entry : HostileWorkbooks.entries(Files.readAllBytes(workbook)).entrySet()) {
            if (entry.getKey().startsWith("xl/worksheets/sheet")) {
                java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
                entry.getValue().writeTo(out);
                sheets.put(entry.getKey(), out.toString(java.nio.charset.StandardCharsets.UTF_8));
            }
        }
        return sheets;
    }
}
