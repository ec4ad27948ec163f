package dev.tally.testsupport;

import java.time.Duration;

/**
 * What {@link TcpProxy} does to its connections while it lasts, those that were there before and new ones.
 *
 * @param bytes of answers, where it counts them; else 0
 * @param pause before each piece, where there is one
 */
public record LinkFault(Kind kind, int bytes, Duration pause) {
    enum Kind {
        NONE, REFUSE, CUT, RESET, SILENCE, HALF_OPEN, SLOW
    }

    /** All passes. */
    static final LinkFault NONE = of(Kind.NONE, 0);

    private static LinkFault of(Kind kind, int bytes) {
        return new LinkFault(kind, bytes, Duration.ZERO);
    }

    /** Connections are reset, new ones as soon as they are there: the server is gone. */
    public static LinkFault refused() {
        return of(Kind.REFUSE, 0);
    }

    /** Each connection is closed in order after so many bytes of answers. */
    public static LinkFault cutAfter(int bytes) {
        return of(Kind.CUT, bytes);
    }

    /** Each connection is reset after so many bytes of answers. */
    public static LinkFault resetAfter(int bytes) {
        return of(Kind.RESET, bytes);
    }

    /** Nothing passes and no connection ends; in the end all that has waited passes: a network that heals. */
    public static LinkFault silence() {
        return of(Kind.SILENCE, 0);
    }

    /** Nothing passes and no connection ends; in the end nobody knows them any more: a server that was started anew. */
    public static LinkFault halfOpen() {
        return of(Kind.HALF_OPEN, 0);
    }

    /** Each piece of what is sent waits for so long. */
    public static LinkFault delayed(Duration pause) {
        return new LinkFault(Kind.SLOW, 0, pause);
    }

    /** So many bytes pass, then nothing for so long, and so on. */
    public static LinkFault throttled(int bytes, Duration pause) {
        return new LinkFault(Kind.SLOW, bytes, pause);
    }
}
