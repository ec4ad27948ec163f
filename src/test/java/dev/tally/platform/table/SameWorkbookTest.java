package dev.tally.platform.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

import org.apache.poi.xssf.usermodel.XSSFWorkbook;
import org.jspecify.annotations.Nullable;

import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The same table is the same workbook, whenever it is written; and still one that others can read. */
class SameWorkbookTest {
    private static final Instant AS_OF = Instant.parse("2025-09-24T10:11:12.345678Z");
    private static final int MANY = 1_000_000;

    @Provide
    Arbitrary<Rows> rows() {
        return RandomRows.rows();
    }

    @Property(tries = 100)
    void hasTheSameBytes(@ForAll("rows") Rows rows) {
        assertThat(rows.xlsx(10, AS_OF)).isEqualTo(rows.xlsx(10, AS_OF));
    }

    @Example
    void saysThatItWasMadeWhenItsDataChanged() throws IOException {
        Rows rows = new Rows(List.of(Column.integer("n")), List.of(List.of(1L)));

        assertThat(created(rows.xlsx(MANY, AS_OF))).isEqualTo("2025-09-24T10:11:12Z");
        assertThat(created(rows.xlsx(MANY, null))).isEqualTo("1980-01-01T00:00:00Z");
    }

    private static Instant created(byte[] workbook) throws IOException {
        try (XSSFWorkbook read = new XSSFWorkbook(new ByteArrayInputStream(workbook))) {
            assertThat(read.getProperties().getCoreProperties().getCreator()).isEqualTo("Tally");
            return Objects.requireNonNull(read.getProperties().getCoreProperties().getCreated()).toInstant();
        }
    }

    @Example
    void isASoundArchiveHoweverManySheetsItHas() throws IOException {
        for (int count : List.of(0, 1, 3, 1_000)) {
            Rows rows = new Rows(List.of(Column.integer("n")),
                    LongStream.range(0, count).mapToObj(n -> Collections.<@Nullable Object>singletonList(n)).toList());
            byte[] workbook = rows.xlsx(100, AS_OF);

            assertThat(entries(workbook)).contains("docProps/core.xml", "xl/workbook.xml", "xl/styles.xml")
                    .doesNotHaveDuplicates();
            // From a stream: from the front, not by the archive's directory.
            try (XSSFWorkbook read = new XSSFWorkbook(new ByteArrayInputStream(workbook))) {
                assertThat(read.getNumberOfSheets()).isEqualTo(Math.max(1, (count + 99) / 100));
            }
        }
    }

    /** By the archive's directory; reads each entry to its end. */
    private static List<String> entries(byte[] archive) throws IOException {
        Path file = Files.createTempFile("workbook", ".xlsx");
        try {
            Files.write(file, archive);
            List<String> names = new ArrayList<>();
            try (ZipFile zip = new ZipFile(file.toFile())) {
                for (ZipEntry entry : Collections.list(zip.entries())) {
                    names.add(entry.getName());
                    try (InputStream in = zip.getInputStream(entry)) {
                        assertThat((long) in.readAllBytes().length).isEqualTo(entry.getSize());
                    }
                }
            }
            return names;
        } finally {
            Files.delete(file);
        }
    }

    @Example
    void refusesAnEndThatIsNotFastexcels() {
        assertThatThrownBy(() -> new WorkbookEnd(new byte[100], 0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> new WorkbookEnd(new byte[3], 0)).isInstanceOf(IllegalStateException.class);
    }

    @Example
    void knowsOffsetsAboveThoseOfAnInt() throws IOException {
        byte[] workbook = new Rows(List.of(Column.integer("n")), List.of()).xlsx(MANY, AS_OF);
        // Everything is the end when it starts at 0; as if 3 GiB stood before it, all offsets are larger by them.
        long before = 3L << 30;
        byte[] moved = new MovedArchive(workbook).by(before);

        byte[] dated = new WorkbookEnd(moved, before).dated(Instant.EPOCH);
        byte[] back = new MovedArchive(dated).by(-before);

        assertThat(created(back)).isEqualTo(Instant.EPOCH);
        assertThat(entries(back)).hasSameElementsAs(entries(workbook));
    }
}
