package dev.tally.testsupport;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A span as it was sent. Read by the numbers of its fields in opentelemetry/proto/trace/v1/trace.proto, which are part of
 * the protocol.
 *
 * @param parentId empty when it has none
 * @param kind 1 internal, 2 server, 3 client
 * @param attributes as text
 * @param events how many
 */
public record OtlpSpan(String traceId, String spanId, String parentId, String name, int kind,
        Map<String, String> attributes, int events) {
    private static final int SERVER = 2;
    private static final int VARINT = 0;
    private static final int FIXED_64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED_32 = 5;

    public boolean isServer() {
        return kind == SERVER;
    }

    /** Of messages that follow each other, each after its length. */
    static List<OtlpSpan> of(byte[] messages, int lengthBytes) {
        List<OtlpSpan> spans = new ArrayList<>();
        ByteBuffer all = ByteBuffer.wrap(messages);
        while (all.remaining() > lengthBytes) {
            byte[] message = new byte[all.getInt()];
            all.get(message);
            // ExportTraceServiceRequest.resource_spans, ResourceSpans.scope_spans, ScopeSpans.spans.
            for (Field resource : fields(message, 1)) {
                for (Field scope : fields(resource.bytes(), 2)) {
                    fields(scope.bytes(), 2).forEach(span -> spans.add(span(span.bytes())));
                }
            }
        }
        return spans;
    }

    private static OtlpSpan span(byte[] bytes) {
        Map<String, String> attributes = new TreeMap<>();
        fields(bytes, 9)
                .forEach(each -> attributes.put(text(each.bytes(), 1), value(fields(each.bytes(), 2).getFirst())));
        return new OtlpSpan(hex(bytes, 1), hex(bytes, 2), hex(bytes, 4), text(bytes, 5),
                (int) fields(bytes, 6).stream().mapToLong(Field::number).findFirst().orElse(0), attributes,
                fields(bytes, 11).size());
    }

    /** AnyValue: a text, a truth value, a whole number; others are not needed. */
    private static String value(Field any) {
        List<Field> texts = fields(any.bytes(), 1);
        if (!texts.isEmpty()) {
            return new String(texts.getFirst().bytes(), StandardCharsets.UTF_8);
        }
        return fields(any.bytes(), 3).stream().map(number -> Long.toString(number.number())).findFirst().orElse("?");
    }

    private static String text(byte[] message, int number) {
        return fields(message, number).stream().map(field -> new String(field.bytes(), StandardCharsets.UTF_8))
                .findFirst().orElse("");
    }

    private static String hex(byte[] message, int number) {
        return fields(message, number).stream().map(field -> HexFormat.of().formatHex(field.bytes())).findFirst()
                .orElse("");
    }

    @SuppressWarnings("ArrayRecordComponent") // Nobody compares them.
    private record Field(long number, byte[] bytes) {}

    private static List<Field> fields(byte[] message, int wanted) {
        List<Field> found = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(message).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        while (in.hasRemaining()) {
            long tag = varint(in);
            Field field = switch ((int) (tag & 7)) {
                case VARINT -> new Field(varint(in), new byte[0]);
                case FIXED_64 -> new Field(in.getLong(), new byte[0]);
                case FIXED_32 -> new Field(in.getInt(), new byte[0]);
                case BYTES -> new Field(0, bytes(in));
                default -> throw new AssertionError("No such wire type: " + tag);
            };
            if (tag >>> 3 == wanted) {
                found.add(field);
            }
        }
        return found;
    }

    private static byte[] bytes(ByteBuffer in) {
        byte[] bytes = new byte[(int) varint(in)];
        in.get(bytes);
        return bytes;
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte next = in.get();
            value |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new AssertionError("No varint");
    }
}
