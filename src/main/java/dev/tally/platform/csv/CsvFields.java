package dev.tally.platform.csv;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** What to do with a field that was found. */
public final class CsvFields {
    private CsvFields() {}

    /**
     * Writes a field in which quotation marks are doubled as what it means.
     *
     * @param target has room for {@code end - start} bytes
     * @return how many bytes were written, from 0
     */
    public static int undouble(byte[] bytes, int start, int end, byte[] target) {
        int length = 0;
        for (int i = start; i < end; i++) {
            target[length++] = bytes[i];
            if (bytes[i] == '"') {
                i++;
            }
        }
        return length;
    }

    /**
     * A field as text.
     *
     * @param end as {@link RowBatch#ends} has it
     */
    public static String text(byte[] bytes, int start, int end, Charset charset) {
        if (end >= 0) {
            return new String(bytes, start, end - start, charset);
        }
        byte[] target = new byte[~end - start];
        return new String(target, 0, undouble(bytes, start, ~end, target), charset);
    }

    /** Whether the bytes are well-formed UTF-8. */
    public static boolean isUtf8(byte[] bytes, int start, int end) {
        for (int i = start; i < end; i++) {
            if (bytes[i] < 0) {
                return decodes(bytes, i, end);
            }
        }
        return true;
    }

    private static boolean decodes(byte[] bytes, int start, int end) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, start, end - start));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
