package dev.tally.testsupport;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;

import org.jspecify.annotations.Nullable;

/**
 * What {@link FaultProxy} does to one answer.
 *
 * @param ofBody whether {@code at} counts from the first byte of the body; else from the first byte of the answer
 * @param at after how many bytes it happens
 * @param gate of what is held
 * @param bytes an answer of the proxy's own
 * @param action what is done before the request goes on
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record Fault(Kind kind, boolean ofBody, long at, @Nullable CountDownLatch gate, byte[] bytes,
        Runnable action) {
    private static final CountDownLatch NEVER = new CountDownLatch(1);
    private static final byte[] NONE = {};

    /** What happens. */
    public enum Kind {
        CUT, RESET, HOLD, CORRUPT, ANSWER, SLOW, ACTION
    }

    private static Fault of(Kind kind, boolean ofBody, long at) {
        return new Fault(kind, ofBody, at, NEVER, NONE, () -> {});
    }

    /** Closes the connection after so many bytes of the body, as if that were its end. */
    public static Fault cutBody(long afterBytes) {
        return of(Kind.CUT, true, afterBytes);
    }

    /** Closes the connection after so many bytes of the answer; 0 is before it. */
    public static Fault cut(long afterBytes) {
        return of(Kind.CUT, false, afterBytes);
    }

    public static Fault resetBody(long afterBytes) {
        return of(Kind.RESET, true, afterBytes);
    }

    /** By RST, after so many bytes of the answer; 0 is before it. */
    public static Fault reset(long afterBytes) {
        return of(Kind.RESET, false, afterBytes);
    }

    /** Gives no more after so many bytes of the body until the gate opens. */
    public static Fault holdBody(long afterBytes, CountDownLatch gate) {
        return new Fault(Kind.HOLD, true, afterBytes, gate, NONE, () -> {});
    }

    /** Gives no more after so many bytes of the answer, for ever. */
    public static Fault hang(long afterBytes) {
        return of(Kind.HOLD, false, afterBytes);
    }

    public static Fault hangBody(long afterBytes) {
        return of(Kind.HOLD, true, afterBytes);
    }

    /** Turns the bits of one byte of the body. */
    public static Fault corruptBody(long at) {
        return of(Kind.CORRUPT, true, at);
    }

    /** One byte of the body at a time, with pauses. */
    public static Fault slowBody() {
        return of(Kind.SLOW, true, 0);
    }

    /** Answers with these bytes, whatever they are; the target is not asked. The connection ends with them. */
    public static Fault answer(String head, byte[] body) {
        byte[] start = head.getBytes(StandardCharsets.ISO_8859_1);
        byte[] bytes = new byte[start.length + body.length];
        System.arraycopy(start, 0, bytes, 0, start.length);
        System.arraycopy(body, 0, bytes, start.length, body.length);
        return new Fault(Kind.ANSWER, false, 0, NEVER, bytes, () -> {});
    }

    /** Answers with this status and nothing else. */
    public static Fault status(int status) {
        return answer("HTTP/1.1 " + status + " Fault\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", NONE);
    }

    /** Does this before the request goes to the target. */
    public static Fault first(Runnable action) {
        return new Fault(Kind.ACTION, false, 0, NEVER, NONE, action);
    }
}
