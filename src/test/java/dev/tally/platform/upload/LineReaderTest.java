package dev.tally.platform.upload;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class LineReaderTest {
    private static final int MAX_LINE_BYTES = 5;
    private static final String TOO_LONG = "too long";

    @Property
    void cutsAsAStringIsCut(@ForAll @Size(max = 40) List<@IntRange(max = 3) Integer> letters,
            @ForAll @IntRange(min = 1, max = 7) int bytesARead) throws IOException {
        StringBuilder text = new StringBuilder();
        letters.forEach(letter -> text.append("x\r\n ".charAt(letter)));
        List<String> expected = new ArrayList<>();
        String[] parts = text.toString().split("\n", -1);
        for (int i = 0; i < parts.length; i++) {
            boolean ended = i < parts.length - 1;
            if (ended || !parts[i].isEmpty()) {
                String line = parts[i].endsWith("\r") ? parts[i].substring(0, parts[i].length() - 1) : parts[i];
                expected.add(line.length() > MAX_LINE_BYTES ? TOO_LONG : line);
            }
        }

        assertThat(lines(text.toString(), bytesARead)).isEqualTo(expected);
    }

    @Property(tries = 50)
    void skipsALineThatIsLongerThanItsBuffer(@ForAll @IntRange(min = 60_000, max = 200_000) int length,
            @ForAll @IntRange(min = 1_000, max = 70_000) int bytesARead) throws IOException {
        assertThat(lines("a\n" + "b".repeat(length) + "\nc", bytesARead)).containsExactly("a", TOO_LONG, "c");
    }

    private static List<String> lines(String text, int bytesARead) throws IOException {
        LineReader reader = new LineReader(trickle(text.getBytes(StandardCharsets.US_ASCII), bytesARead),
                MAX_LINE_BYTES);
        List<String> lines = new ArrayList<>();
        while (reader.next()) {
            lines.add(reader.isTooLong()
                    ? TOO_LONG
                    : new String(reader.buffer(), reader.offset(), reader.length(), StandardCharsets.US_ASCII));
            assertThat(reader.number()).isEqualTo(lines.size());
            assertThat(reader.isBlank() || reader.isTooLong())
                    .isEqualTo(reader.isTooLong() || lines.getLast().matches("[ \t]*"));
        }
        return lines;
    }

    /** A stream that gives at most so many bytes at a time. */
    private static InputStream trickle(byte[] bytes, int bytesARead) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] buffer, int offset, int length) {
                return super.read(buffer, offset, Math.min(length, bytesARead));
            }
        };
    }
}
