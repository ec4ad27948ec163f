package dev.tally.reports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class PackedRowsTest {
    private static final long MUCH = 1 << 20;

    private static byte[] packed(List<List<String>> rows) {
        try {
            Path file = Files.createTempFile("packed-rows-test", ".gz");
            try (PackedRows.Writer writer = new PackedRows.Writer(file, MUCH)) {
                for (List<String> row : rows) {
                    writer.add(row.toArray(String[]::new));
                }
                assertThat(writer.count()).isEqualTo(rows.size());
            }
            byte[] bytes = Files.readAllBytes(file);
            Files.delete(file);
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<List<String>> read(byte[] packed, int chunkBytes) {
        List<List<String>> rows = new ArrayList<>();
        PackedRows.read(new ChunkInputStream(place -> {
            int start = place * chunkBytes;
            return start >= packed.length
                    ? Optional.empty()
                    : Optional.of(Arrays.copyOfRange(packed, start, Math.min(packed.length, start + chunkBytes)));
        }), ResultBounds.usual(), row -> rows.add(List.copyOf(row.getFields())));
        return rows;
    }

    @Property(tries = 300)
    void givesBackWhatItKeptHoweverItIsCut(@ForAll("rows") List<List<String>> rows,
            @ForAll @IntRange(min = 1, max = 100) int chunkBytes) {
        assertThat(read(packed(rows), chunkBytes)).isEqualTo(rows);
    }

    @Provide
    Arbitrary<List<List<String>>> rows() {
        Arbitrary<String> cell = Arbitraries.strings().withChars("ab ,;\"'\n\r\té=#").ofMaxLength(6);
        return cell.list().ofSize(7).list().ofMaxSize(20);
    }

    @Test
    void isNeverTakenForWholeWhenAPieceIsMissing() {
        Random random = new Random(1);
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            rows.add(List.of("829449", Long.toHexString(random.nextLong())));
        }
        byte[] packed = packed(rows);

        for (int length : new int[]{packed.length - 1, packed.length / 2, 20, 1, 0}) {
            assertThatExceptionOfType(UncheckedIOException.class)
                    .isThrownBy(() -> read(Arrays.copyOf(packed, length), 4_096));
        }
    }

    @Test
    void writesNoMoreThanItMay(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("rows.gz");
        Random random = new Random(1);

        assertThatExceptionOfType(PackedRows.TooLargeException.class).isThrownBy(() -> {
            try (PackedRows.Writer writer = new PackedRows.Writer(file, 10_000)) {
                for (int i = 0; i < 100_000; i++) {
                    writer.add(new String[]{Long.toHexString(random.nextLong())});
                }
            }
        });

        assertThat(Files.size(file)).isLessThanOrEqualTo(10_000);
    }

    @Test
    void closesWhatItReads() {
        boolean[] closed = {false};
        ByteArrayInputStream damaged = new ByteArrayInputStream(new byte[]{1, 2, 3}) {
            @Override
            public void close() {
                closed[0] = true;
            }
        };

        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> PackedRows.read(damaged, ResultBounds.usual(), _ -> {}));

        assertThat(closed[0]).isTrue();
    }
}
