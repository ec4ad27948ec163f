package dev.tally.reports;

import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

import javax.net.ssl.SSLHandshakeException;

import dev.tally.reports.GcoreException.Kind;

/**
 * What became of a request that did not succeed.
 *
 * @param outcome as metrics call it
 */
record GcoreFault(Outcome outcome, GcoreException exception) {
    private static final int UNAUTHORIZED = 401;
    private static final int NOT_FOUND = 404;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int FIRST_SERVER_FAULT = 500;
    private static final int MAX_CAUSES = 20;
    /** Nothing was sent. */
    private static final List<Class<? extends Throwable>> NOT_CONNECTED = List.of(ConnectException.class,
            UnknownHostException.class, NoRouteToHostException.class, SSLHandshakeException.class);

    /** As metrics call it. */
    enum Outcome {
        OK, REFUSED, UNAUTHORIZED, LIMITED, FAILED, TIMED_OUT;

        String tag() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** @param now against which a date in {@code Retry-After} is held */
    static GcoreFault of(GcoreOperation operation, RuntimeException fault, Instant now) {
        if (fault instanceof GcoreAnswer answer) {
            return of(operation, answer, now);
        }
        boolean timedOut = hasCause(fault, List.of(TimeoutException.class));
        GcoreException exception = GcoreException.unavailable(timedOut
                ? "Gcore was asked " + operation.asked() + " and did not answer in time."
                : "Gcore was asked " + operation.asked() + " and could not be reached, or its answer broke off.",
                Optional.empty(), fault);
        boolean certainlyNot = hasCause(fault, NOT_CONNECTED);
        return new GcoreFault(timedOut ? Outcome.TIMED_OUT : Outcome.FAILED,
                operation.changes() && !certainlyNot ? exception.ambiguous() : exception);
    }

    /** Whether Gcore as a whole fails, not this request. */
    static boolean isOutage(Throwable fault) {
        if (fault instanceof GcoreAnswer answer) {
            return answer.status() >= FIRST_SERVER_FAULT;
        }
        return !hasCause(fault, List.of(InterruptedException.class, InterruptedIOException.class));
    }

    private static GcoreFault of(GcoreOperation operation, GcoreAnswer answer, Instant now) {
        String asked = "Gcore was asked " + operation.asked();
        int status = answer.status();
        if (status >= FIRST_SERVER_FAULT || status == TOO_MANY_REQUESTS) {
            boolean limited = status == TOO_MANY_REQUESTS;
            GcoreException exception = GcoreException.unavailable(
                    asked + (limited ? " and wants fewer requests." : " and failed."),
                    answer.retryAfter().flatMap(header -> RetryAfter.of(header, now)), answer);
            return new GcoreFault(limited ? Outcome.LIMITED : Outcome.FAILED,
                    operation.changes() && !limited ? exception.ambiguous() : exception);
        }
        if (operation == GcoreOperation.LOGIN || operation == GcoreOperation.REFRESH) {
            return new GcoreFault(status == UNAUTHORIZED ? Outcome.UNAUTHORIZED : Outcome.REFUSED, GcoreException.of(
                    Kind.LOGIN_REFUSED, "Gcore does not accept GCORE_USERNAME and GCORE_PASSWORD.", answer));
        }
        return switch (status) {
            case UNAUTHORIZED -> new GcoreFault(Outcome.UNAUTHORIZED,
                    GcoreException.of(Kind.LOGIN_REFUSED, asked + " and does not accept this service's token.",
                            answer));
            case NOT_FOUND -> new GcoreFault(Outcome.REFUSED,
                    GcoreException.of(Kind.NOT_FOUND, asked + " and does not know it.", answer));
            default -> new GcoreFault(Outcome.REFUSED,
                    GcoreException.of(Kind.REFUSED, asked + " and refused.", answer));
        };
    }

    private static boolean hasCause(Throwable fault, List<Class<? extends Throwable>> types) {
        return Stream.<Throwable>iterate(fault, cause -> cause != null, Throwable::getCause).limit(MAX_CAUSES)
                .anyMatch(cause -> types.stream().anyMatch(type -> type.isInstance(cause)));
    }
}
