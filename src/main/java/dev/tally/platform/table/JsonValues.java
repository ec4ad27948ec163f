package dev.tally.platform.table;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

/** Values of JSON, and the members of an answer that stand beside its rows. */
final class JsonValues {
    private static final byte[] NULL = ascii("null");
    private static final byte[] HEX = ascii("0123456789abcdef");

    private final Output out;

    JsonValues(Output out) {
        this.out = out;
    }

    /** The fields of a table and its {@code as_of}, each with a comma after it. */
    void fields(Table table, @Nullable Instant asOf) {
        for (Field field : table.fields()) {
            field(field);
            out.write(',');
        }
        if (table.asOf() && !table.asOfLast()) {
            asOf(asOf);
            out.write(',');
        }
    }

    /** The fields behind the rows, and {@code as_of} if it stands there, each with a comma before it. */
    void fieldsAfter(Table table, @Nullable Instant asOf) {
        for (Field field : table.fieldsAfter()) {
            out.write(',');
            field(field);
        }
        if (table.asOfLast()) {
            out.write(',');
            asOf(asOf);
        }
    }

    private void field(Field field) {
        out.write(member(field.column().name()));
        value(field.value());
    }

    private void asOf(@Nullable Instant asOf) {
        out.write(member("as_of"));
        if (asOf == null) {
            nothing();
        } else {
            instant(asOf);
        }
    }

    private void value(@Nullable Object value) {
        switch (value) {
            case null -> nothing();
            case String text -> string(text);
            case Long integer -> out.integer(integer);
            case LocalDate date -> date(date);
            case Field.Json json -> out.write(json.text().getBytes(StandardCharsets.UTF_8));
            case List<?> texts -> {
                out.write('[');
                for (int i = 0; i < texts.size(); i++) {
                    if (i > 0) {
                        out.write(',');
                    }
                    string((String) texts.get(i));
                }
                out.write(']');
            }
            default -> throw new IllegalArgumentException("A field of " + value.getClass());
        }
    }

    void nothing() {
        out.write(NULL);
    }

    void date(LocalDate value) {
        out.write('"');
        out.date(value);
        out.write('"');
    }

    void instant(Instant value) {
        out.write('"');
        out.instant(value);
        out.write('"');
    }

    void string(String value) {
        out.write('"');
        int count = value.length();
        int i = 0;
        while (i < count) {
            byte[] target = out.roomForSlice();
            int end = Math.min(count, i + Output.SLICE_CHARS);
            if (end < count && Character.isLowSurrogate(value.charAt(end))) {
                // It belongs to the character before.
                end++;
            }
            out.length(characters(value, i, end, target, out.length()));
            i = end;
        }
        out.write('"');
    }

    /** A member's name and what separates it from the value. */
    static byte[] member(String name) {
        byte[] member = new byte[name.length() * Output.MAX_CHAR_BYTES + 3];
        member[0] = '"';
        int end = characters(name, 0, name.length(), member, 1);
        member[end++] = '"';
        member[end++] = ':';
        return Arrays.copyOf(member, end);
    }

    private static int characters(String value, int from, int to, byte[] target, int start) {
        int at = start;
        int i = from;
        while (i < to) {
            char c = value.charAt(i);
            if (c >= ' ' && c < 0x7F && c != '"' && c != '\\') {
                target[at++] = (byte) c;
                i++;
            } else {
                int codePoint = value.codePointAt(i);
                at = escaped(codePoint, target, at);
                i += Character.charCount(codePoint);
            }
        }
        return at;
    }

    private static int escaped(int codePoint, byte[] target, int at) {
        int end = at;
        if (codePoint == '"' || codePoint == '\\') {
            target[end++] = '\\';
            target[end++] = (byte) codePoint;
        } else if (codePoint < ' ' || Utf8.isBroken(codePoint)) {
            target[end++] = '\\';
            target[end++] = 'u';
            for (int shift = 12; shift >= 0; shift -= 4) {
                target[end++] = HEX[(codePoint >> shift) & 0xF];
            }
        } else if (codePoint == 0x7F) {
            target[end++] = 0x7F;
        } else {
            end = Utf8.write(codePoint, target, end);
        }
        return end;
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
